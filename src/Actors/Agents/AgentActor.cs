using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Supervisor.Actors.Common;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Fleet;
using Supervisor.Messages.Watchdog;
using static Supervisor.Messages.Agents.AgentProtocol;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Agents;

/// <summary>
/// The durable record of one agent, sharded; may live on any node, while its process lives where its workspace is.
/// A shell: <see cref="AgentDecisions"/> decides, <see cref="AgentState.Apply"/> remembers, <see cref="React"/> causes.
/// </summary>
public sealed partial class AgentActor : ReceivePersistentActor, IWithTimers
{
    private sealed record StartDue(long AfterRun);

    /// <summary>Events are few, so a snapshot is cheap; it bounds what a recovery replays.</summary>
    private const int SnapshotEvery = 50;

    /// <summary>More than any one write holds: nothing older can have been written down and not said.</summary>
    private const int SaidAgain = 10;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IEventTopic _topic;
    private readonly IRunnerDirectory _runners;
    private readonly IActorRef _fleet;
    private readonly Random _random;
    private readonly List<IEvent> _replayed = [];
    private AgentState _state;
    private IActorRef? _messenger;

    public AgentActor(AgentId id, IEventTopic topic, IRunnerDirectory runners, IActorRef fleet, Random random)
    {
        PersistenceId = $"agent-{id.Value}";
        (_topic, _runners, _fleet, _random) = (topic, runners, fleet, random);
        _state = new AgentState { Id = id };

        Recover<IEvent>(e =>
        {
            _state = _state.Apply(e);
            _replayed.Add(e);
        });
        Recover<SnapshotOffer>(offer => _state = (AgentState)offer.Snapshot);
        Recover<RecoveryCompleted>(_ => Recovered());

        Become(Unconfigured);
    }

    public override string PersistenceId { get; }
    public ITimerScheduler Timers { get; set; } = null!;
    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    /// <summary>Until the fleet has said what it wants, everything waits; a record nobody wants says so.</summary>
    private void Unconfigured()
    {
        Command<Configure>(c => { Enter(Ready); Handle(c); });
        Command<Remove>(c => { Enter(Ready); Handle(c); });
        // Nobody describes it any more, and yet a run of it may live.
        Command<NotFound>(_ => { if (_state.HasProcess) { Enter(Ready); Handle(new Remove(_state.Id)); } else Enter(Unknown); });
        Keeping();
        CommandAny(_ => Stash.Stash());
    }

    private void Unknown()
    {
        Command<Configure>(c => { Enter(Ready); Handle(c); });
        Command<IWithAgentId>(_ => Sender.Tell(new NotFound(_state.Id)));
    }

    private void Ready()
    {
        Command<Configure>(Handle);
        Command<Start>(c => Settle(_state.Decide(c, Now), reply: true));
        Command<Stop>(c => Settle(_state.Decide(c, Now), reply: true));
        Command<Restart>(c => Settle(_state.Decide(c, Now), reply: true));
        Command<Remove>(Handle);
        Command<SendText>(Handle);
        Command<ReportLiveness>(Handle);
        Command<CountWork>(c => Tell(_state with { Unpushed = c.Unpushed }));
        Command<StartDue>(m => { if (m.AfterRun == _state.Run) Settle(_state.DecideStartDue(Now)); });

        Command<RunBegan>(r => Settle(_state.Decide(r, Now)));
        Command<RunDidNotBegin>(r => End(r, _state.Decide(r, Now, _random.NextDouble())));
        Command<RunEnded>(r => End(r, _state.Decide(r, Now, _random.NextDouble())));
        Command<RunVanished>(r => End(r, _state.Decide(r, Now, _random.NextDouble())));
        Command<RunIsStuck>(r => Settle(_state.Decide(r, Now)));
        Command<RunnerRestarted>(r => { if (r.Run != _state.Run || !_state.HasProcess || !Adopt()) Sender.Tell(new ForgetRun(r.AgentId, r.Run)); });
        Command<RunSession>(r => Settle(_state.Decide(r, Now)));
        Command<RunResult>(r => Settle(_state.Decide(r, Now)));
        Command<RunRateLimited>(r => Settle(_state.Decide(r, Now)));
        Command<RunError>(r => Settle(_state.Decide(r, Now)));
        Command<RunSpoke>(r => { if (r.Run == _state.Run) Tell(_state with { LastOutputAt = r.At }); });
        Command<TextSent>(Handle);

        Command<GetStatus>(q => Sender.Tell(new AgentProtocol.Status(q.AgentId, _state.ToStatus())));
        Command<GetRuns>(q => Sender.Tell(new Runs(q.AgentId, [.. _state.Runs])));
        Command<GetExplanation>(q => Sender.Tell(new Explanation(q.AgentId, new AgentExplanation(_state.ToStatus(), [.. _state.Reasons]))));
        Keeping();
    }

    private void Keeping()
    {
        Command<SaveSnapshotSuccess>(s =>
        {
            DeleteMessages(s.Metadata.SequenceNr);
            DeleteSnapshots(new SnapshotSelectionCriteria(s.Metadata.SequenceNr - 1));
        });
        Command<SaveSnapshotFailure>(f => _log.Warning("Agent {AgentId}: snapshot not saved: {Reason}", _state.Id, f.Cause.Message));
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteMessagesFailure>(f => _log.Warning("Agent {AgentId}: old events not deleted: {Reason}", _state.Id, f.Cause.Message));
        Command<DeleteSnapshotsFailure>(f => _log.Warning("Agent {AgentId}: old snapshots not deleted: {Reason}", _state.Id, f.Cause.Message));
    }

    private void Enter(Action behaviour)
    {
        Become(behaviour);
        Stash.UnstashAll();
    }

    private void Recovered()
    {
        // Told again, for a crash may have come between writing it down and saying it.
        foreach (var e in _replayed.TakeLast(SaidAgain)) _topic.Publish(e);
        _replayed.Clear();
        if (LastSequenceNr > 0) _topic.Publish(new Announced(_state.Id, _state.ToStatus()));
        _fleet.Tell(new FleetProtocol.AskConfiguration(_state.Id));
    }

    private void Handle(Configure c)
    {
        var changed = _state.Spec is { } before && before.Hash != c.Spec.Hash;
        Tell(_state with { Spec = c.Spec, Place = c.Node });
        if (!_state.HasProcess) PlanAgain();
        else if (Adopt()) { if (changed) ToRunner(new UpdateRun(c.AgentId, _state.Run, c.Spec)); }
        else if (_state.Phase != AgentPhase.Suspect) Settle(new Decision<IEvent>.Accept([new AgentSuspect(_state.Id, _state.Run, _state.Node!, Now)]));
        Settle(_state.Decide(c, Now));
    }

    private void Handle(Remove c)
    {
        // Its stop may have been told to a runner that is no more.
        if (_state.Stopping is { } stop) React(stop);
        Settle(_state.Decide(c, Now));
    }

    /// <summary>A timer lives no longer than this actor.</summary>
    private void PlanAgain()
    {
        if (_state.NextStartAt is { } at && !Timers.IsTimerActive(nameof(StartDue))) StartAt(at);
    }

    /// <summary>
    /// What is written down, held against what is really there: again and again, for the node of the run may have been gone, or its daemon
    /// may have begun anew without knowing the run. A runner that has it in hand says again what it has said.
    /// </summary>
    private bool Adopt()
    {
        if (_state.Spec is { } spec && !ToRunner(new AdoptRun(_state.Id, _state.Run, _state.Epoch, spec))) return false;
        if (_state.Stopping is { } stop) React(stop);
        return true;
    }

    private void Handle(ReportLiveness r)
    {
        // Dead, and nobody said so: its runner must look again.
        if (r is { Finding: LivenessFinding.Dead } && r.Run == _state.Run && _state.HasProcess) Adopt();
        else Settle(_state.Decide(r, Now));
    }

    private void Handle(SendText c)
    {
        if (_state.Phase is not (AgentPhase.Running or AgentPhase.Stalled)) Sender.Tell(new Rejected(c.AgentId, $"it is {_state.Phase.ToString().ToLowerInvariant()}, not running"));
        else if (_messenger is not null) Sender.Tell(new Rejected(c.AgentId, "another message is on its way; try again"));
        else if (!ToRunner(new SendToRun(_state.Id, _state.Run, c.Text))) Sender.Tell(new Rejected(c.AgentId, $"node {_state.Node} is gone"));
        else _messenger = Sender;
    }

    private void Handle(TextSent r)
    {
        if (r.Run != _state.Run) return;
        _messenger?.Tell(r.Sent ? new Accepted(r.AgentId, _state.ToStatus()) : new Rejected(r.AgentId, r.Reason));
        _messenger = null;
    }

    /// <summary>The runner may forget its run only once the end of it is in the journal.</summary>
    private void End(IReport report, Decision<IEvent> decision)
    {
        var runner = Sender;
        Settle(decision, then: () => runner.Tell(new ForgetRun(_state.Id, report.Run)));
    }

    private void Settle(Decision<IEvent> decision, bool reply = false, Action? then = null)
    {
        var sender = Sender;
        if (decision is Decision<IEvent>.Reject reject)
        {
            if (reply) sender.Tell(new Rejected(_state.Id, reject.Reason));
            return;
        }

        var events = ((Decision<IEvent>.Accept)decision).Events;
        if (events.Count == 0)
        {
            Finish();
            return;
        }

        var left = events.Count;
        PersistAll(events, e =>
        {
            var before = _state.Phase;
            _state = _state.Apply(e);
            if (before != _state.Phase) _log.Info("Agent {AgentId} {From} -> {To}: {Reason}", _state.Id, before, _state.Phase, _state.Reason);
            _topic.Publish(e);
            React(e);
            if (--left > 0) return;
            _topic.Publish(new Announced(_state.Id, _state.ToStatus()));
            if (LastSequenceNr % SnapshotEvery < events.Count) SaveSnapshot(_state);
            Finish();
        });

        void Finish()
        {
            if (reply) sender.Tell(new Accepted(_state.Id, _state.ToStatus()));
            then?.Invoke();
        }
    }
}
