using Akka.Actor;
using Akka.Event;
using Supervisor.Actors.Common;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Fleet;
using Supervisor.Messages.Watchdog;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Agents;

/// <summary>
/// All runners of this node. Bounds how many agents start at once, so that two hundred that die together do not come back
/// as one storm of forks.
/// </summary>
public sealed class RunnersActor : ReceiveActor
{
    /// <summary>A start has succeeded or failed: the next may begin.</summary>
    public sealed record StartEnded(AgentId AgentId, long Run);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RunnerServices _services;
    private readonly int _maxStarts;
    private readonly Dictionary<(AgentId, long), IActorRef> _runners = [];
    private readonly Queue<StartRun> _queue = [];
    private readonly HashSet<(AgentId, long)> _starting = [];

    public RunnersActor(RunnerServices services, IActorRef fleet, int maxStarts)
    {
        (_services, _maxStarts) = (services, maxStarts);

        Receive<StartRun>(Handle);
        // One that has not been let begin is lost to nobody.
        Receive<AdoptRun>(m => { if (!Waits(m)) Runner(m.AgentId, m.Run).Forward(m); });
        Receive<StopRun>(Handle);
        Receive<UpdateRun>(m => { if (_runners.TryGetValue((m.AgentId, m.Run), out var runner)) runner.Forward(m); });
        Receive<SendToRun>(m =>
        {
            if (_runners.TryGetValue((m.AgentId, m.Run), out var runner)) runner.Forward(m);
            else Sender.Tell(new TextSent(m.AgentId, m.Run, false, "its process has ended"));
        });
        Receive<ForgetRun>(m => { if (_runners.TryGetValue((m.AgentId, m.Run), out var runner)) runner.Forward(m); });
        Receive<StartEnded>(m => { _starting.Remove((m.AgentId, m.Run)); StartNext(); });
        Receive<WatchdogProtocol.Probe>(Handle);
        Receive<Terminated>(Handle);

        fleet.Tell(new FleetProtocol.ReportDirectories(services.Node, services.Files.Unfinished()));
    }

    // A crashed runner takes no sibling along; born again, it asks the record what it is to do.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(maxNrOfRetries: 10, TimeSpan.FromMinutes(1), _ => Directive.Restart);

    private void Handle(StartRun m)
    {
        if (_runners.TryGetValue((m.AgentId, m.Run), out var runner))
        {
            runner.Forward(m);
            return;
        }

        if (Waits(m)) return;
        _queue.Enqueue(m);
        StartNext();
    }

    private bool Waits(RunProtocol.ICommand m) => _queue.Any(q => q.AgentId == m.AgentId && q.Run == m.Run);

    private void StartNext()
    {
        while (_starting.Count < _maxStarts && _queue.TryDequeue(out var next))
        {
            _starting.Add((next.AgentId, next.Run));
            Runner(next.AgentId, next.Run).Tell(next);
        }
    }

    private void Handle(StopRun m)
    {
        if (Waits(m))
        {
            // Never begun, so there is nothing to stop.
            var rest = _queue.Where(q => q.AgentId != m.AgentId || q.Run != m.Run).ToList();
            _queue.Clear();
            foreach (var start in rest) _queue.Enqueue(start);
            Sender.Tell(new RunDidNotBegin(m.AgentId, m.Run, "ECANCELED", "stopped before it began"));
            return;
        }

        Runner(m.AgentId, m.Run).Forward(m);
    }

    private void Handle(WatchdogProtocol.Probe m)
    {
        foreach (var (key, runner) in _runners)
            if (m.Only is null || m.Only == key.Item1) runner.Forward(m);
    }

    private void Handle(Terminated m)
    {
        foreach (var key in _runners.Where(r => r.Value.Equals(m.ActorRef)).Select(r => r.Key).ToList())
        {
            _log.Debug("Runner of {AgentId} run {Run} is done", key.Item1, key.Item2);
            _runners.Remove(key);
            _starting.Remove(key);
        }

        StartNext();
    }

    private IActorRef Runner(AgentId agent, long run)
    {
        if (_runners.TryGetValue((agent, run), out var runner)) return runner;
        runner = Context.ActorOf(Props.Create(() => new RunnerActor(agent, run, _services)));
        Context.Watch(runner);
        return _runners[(agent, run)] = runner;
    }
}
