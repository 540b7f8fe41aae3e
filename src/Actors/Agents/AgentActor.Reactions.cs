using Akka.Actor;
using Supervisor.Messages.Agents;
using static Supervisor.Messages.Agents.AgentProtocol;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Agents;

/// <summary>What the record causes outside of itself.</summary>
public sealed partial class AgentActor
{
    /// <summary>What each event causes. Nothing is caused anywhere else.</summary>
    private void React(IEvent @event)
    {
        switch (@event)
        {
            case RunDecided e:
                Timers.Cancel(nameof(StartDue));
                if (!ToRunner(new StartRun(e.AgentId, e.Run, e.Epoch, _state.Spec!, e.Session)))
                    Self.Tell(new RunVanished(e.AgentId, e.Run, $"never-started: node {e.Node} is gone"));
                break;
            case AgentExited or AgentSpawnFailed or RunLost:
                // Whatever was on its way to the process has not arrived.
                _messenger?.Tell(new Rejected(_state.Id, "its process has ended"));
                _messenger = null;
                break;
            case StopDecided e:
                ToRunner(new StopRun(e.AgentId, e.Run, _state.Spec?.Options.Stop ?? new StopOptions(), SaveWork: true, e.Reason));
                break;
            case AgentStalled { Step: StallStep.Nudge } e:
                ToRunner(new SendToRun(e.AgentId, e.Run, "You have been silent for a while. Go on with your task, or say what blocks you."));
                break;
            case RestartPlanned e when _state.Phase == AgentPhase.Backoff:
                StartAt(e.StartAt);
                break;
            case WaitPlanned e:
                StartAt(e.StartAt);
                break;
            case CrashLoopEntered { RetryAt: { } at }:
                StartAt(at);
                break;
            case AgentRemoved:
                Context.Parent.Tell(new Akka.Cluster.Sharding.Passivate(PoisonPill.Instance));
                break;
            case AgentStopped or AgentCompleted or AgentFailed or HistoryReset:
            case AgentHeld when _state.NextStartAt is null:
                Timers.Cancel(nameof(StartDue));
                break;
        }
    }

    private void StartAt(DateTimeOffset at)
    {
        var delay = at - Now;
        var due = new StartDue(_state.Run);
        if (delay <= TimeSpan.Zero) Self.Tell(due);
        else Timers.StartSingleTimer(nameof(StartDue), due, delay);
    }

    private bool ToRunner(RunProtocol.ICommand command) => _state.Node is { } node && _runners.Tell(node, command, Self);

    private void Tell(AgentState told)
    {
        _state = told;
        _topic.Publish(new Announced(_state.Id, _state.ToStatus()));
    }
}
