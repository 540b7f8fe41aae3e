using Akka.Actor;
using Akka.Event;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Common;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Events;
using Supervisor.Messages.Watchdog;
using static Supervisor.Messages.Agents.AgentProtocol;
using static Supervisor.Messages.Watchdog.WatchdogProtocol;

namespace Supervisor.Actors.Watchdog;

/// <summary>
/// Singleton: looks at every run, at each sweep and whenever a run's time may be up, and tells the agent's record what it found.
/// It kills nothing itself, acts on nothing it could not read, and looks again immediately before it says that something is to be ended.
/// </summary>
public sealed class WatchdogActor : ReceiveActor, IWithTimers
{
    private sealed record BeginSweep;
    private sealed record EndSweep(long Sweep);

    /// <summary>How long a node has to answer before its runs are unknown.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IActorRef _agents;
    private readonly IRunnerDirectory _runners;
    private readonly IEventTopic _topic;
    private readonly Action<IActorRef> _subscribe;
    private readonly LoopMonitor _loops;
    private readonly WatchdogOptions _options;
    private readonly Dictionary<AgentId, LivenessOptions> _fleet = [];
    private readonly Dictionary<AgentId, AgentStatus> _live = [];
    private readonly Dictionary<AgentId, RunWatch> _watches = [];
    private readonly Dictionary<AgentId, RunSample> _samples = [];
    private readonly Dictionary<AgentId, ReportLiveness> _toConfirm = [];
    private readonly Dictionary<AgentId, DateTimeOffset> _results = [];
    private HashSet<AgentId> _expected = [];
    private long _sweep;
    private bool _sweeping;
    private bool _suspected;
    private DateTimeOffset _lookedAt;
    private DateTimeOffset _nextAt;
    private TimeSpan _period;

    public WatchdogActor(IActorRef agents, IRunnerDirectory runners, IEventTopic topic, Action<IActorRef> subscribe, LoopMonitor loops, WatchdogOptions options)
    {
        (_agents, _runners, _topic, _subscribe, _loops, _options) = (agents, runners, topic, subscribe, loops, options);
        _period = options.Sweep;

        Receive<WatchFleet>(Handle);
        Receive<Announced>(Handle);
        Receive<ResultSeen>(m =>
        {
            if (!_live.ContainsKey(m.AgentId)) return;
            _results[m.AgentId] = m.At;
            LookSoonEnough();
        });
        Receive<BeginSweep>(_ => Begin());
        Receive<EndSweep>(m => { if (m.Sweep == _sweep && _sweeping) Judge(); });
        Receive<RunSample>(Handle);
        ReceiveAny(_ => { }); // the topic carries more than announcements
    }

    public ITimerScheduler Timers { get; set; } = null!;
    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    /// <summary>How exactly a deadline between two sweeps is met: what closer looks would cost a large fleet is not worth more.</summary>
    private TimeSpan Precision => Clamp(_options.Sweep / 20, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

    protected override void PreStart()
    {
        _subscribe(Self);
        _loops.Register(nameof(WatchdogActor), _options.Sweep, Now);
        LookAt(Now + _options.Sweep);
    }

    protected override void PostStop() => _loops.Unregister(nameof(WatchdogActor));

    private void Handle(WatchFleet m)
    {
        _fleet.Clear();
        foreach (var agent in m.Agents) _fleet[agent.AgentId] = agent.Liveness;
        foreach (var gone in _live.Keys.Where(a => !_fleet.ContainsKey(a)).ToList()) Forget(gone);
        LookSoonEnough();
    }

    private void Handle(Announced m)
    {
        if (m.Agent.Pid is null || m.Agent.State is AgentPhase.Stopping or AgentPhase.Stuck)
        {
            Forget(m.AgentId);
            return;
        }

        var known = _live.TryGetValue(m.AgentId, out var before) && before.Run == m.Agent.Run;
        _live[m.AgentId] = m.Agent;
        if (known) return;
        _watches[m.AgentId] = RunWatch.Start(m.AgentId, m.Agent.Run, Now);
        LookSoonEnough();
    }

    private void Forget(AgentId agent)
    {
        _live.Remove(agent);
        _watches.Remove(agent);
        _toConfirm.Remove(agent);
        _results.Remove(agent);
    }

    private void Begin()
    {
        // One that is still open is closed with what there is: a silent node must not stop the loop.
        if (_sweeping) Judge();
        _sweep++;
        _sweeping = true;
        _lookedAt = Now;
        _samples.Clear();
        _expected = [.. _live.Keys.Where(_fleet.ContainsKey)];
        foreach (var node in _live.Values.Select(s => s.Node).OfType<string>().Distinct()) _runners.Tell(node, new Probe(null), Self);
        if (_expected.Count == 0) Judge();
        else Timers.StartSingleTimer(nameof(EndSweep), new EndSweep(_sweep), AnswerWithin);
    }

    private void Handle(RunSample m)
    {
        if (_toConfirm.Remove(m.AgentId, out var report))
        {
            Confirm(report, m);
        }

        if (!_sweeping || !_expected.Contains(m.AgentId)) return;
        _samples[m.AgentId] = m;
        // Asked at the edge of the sweep for a result that came between sweeps, a sample may be newer than its watch: Judge knows.
        if (_samples.Count == _expected.Count) Judge();
    }

    private void Judge()
    {
        _sweeping = false;
        Timers.Cancel(nameof(EndSweep));
        var now = Now;
        var verdicts = new Dictionary<AgentId, LivenessVerdict>();
        var before = new Dictionary<AgentId, RunWatch>();
        foreach (var agent in _expected.Where(_watches.ContainsKey))
        {
            before[agent] = _watches[agent];
            (verdicts[agent], _watches[agent]) = _samples.TryGetValue(agent, out var sample)
                ? Liveness.Judge(_watches[agent], sample, _fleet[agent], now, _period)
                : (new LivenessVerdict.Unknown("its node did not answer", []), _watches[agent]);
        }

        if (MassDeath.Suspect(verdicts.Values, _options.MassDeath.AtLeast, _options.MassDeath.Share) is { } suspicion)
        {
            foreach (var (agent, watch) in before) _watches[agent] = _watches[agent].WithoutRungSince(watch);
            Suspect(suspicion, verdicts);
        }
        else
        {
            if (_suspected)
            {
                _suspected = false;
                _topic.Publish(new NodeEvent(NodeEventTypes.MassDeathOver, null, new Dictionary<string, string> { ["agents"] = $"{verdicts.Count}" }, []));
            }

            foreach (var (agent, verdict) in verdicts) Act(agent, verdict);
        }

        _loops.Beat(nameof(WatchdogActor), now);
        LookAt(now + _options.Sweep);
        LookSoonEnough();
    }

    private void Suspect(string suspicion, Dictionary<AgentId, LivenessVerdict> verdicts)
    {
        _log.Warning("Sweep {Sweep} is suspect, nothing is done on it: {Reason}", _sweep, suspicion);
        if (_suspected) return;
        _suspected = true;
        var dead = verdicts.Count(v => v.Value is not (LivenessVerdict.Alive or LivenessVerdict.Unknown));
        _topic.Publish(new NodeEvent(
            NodeEventTypes.MassDeathSuspected, null,
            new Dictionary<string, string> { ["dead"] = $"{dead}", ["agents"] = $"{verdicts.Count}" },
            [suspicion, .. verdicts.Where(v => v.Value is not (LivenessVerdict.Alive or LivenessVerdict.Unknown)).Take(20).Select(v => $"{v.Key}: {string.Join("; ", v.Value.Evidence)}")]));
    }

    private void Act(AgentId agent, LivenessVerdict verdict)
    {
        var run = _live[agent].Run;
        switch (verdict)
        {
            case LivenessVerdict.Alive when _live[agent].State == AgentPhase.Stalled:
                Report(LivenessFinding.Alive);
                break;
            case LivenessVerdict.Dead:
                Report(LivenessFinding.Dead);
                break;
            case LivenessVerdict.Stalled { Step: StallStep.Resume }:
                AskAgain(LivenessFinding.Stalled, StallStep.Resume);
                break;
            case LivenessVerdict.Stalled { Step: { } step }:
                Report(LivenessFinding.Stalled, step);
                break;
            case LivenessVerdict.Lingering:
                AskAgain(LivenessFinding.Lingering);
                break;
            case LivenessVerdict.FailedToStart:
                AskAgain(LivenessFinding.FailedToStart);
                break;
        }

        void Report(LivenessFinding finding, StallStep? step = null) =>
            _agents.Tell(new ReportLiveness(agent, run, finding, step, verdict.Evidence));

        // What ends a run is looked at again at the last moment.
        void AskAgain(LivenessFinding finding, StallStep? step = null)
        {
            _toConfirm[agent] = new ReportLiveness(agent, run, finding, step, verdict.Evidence);
            if (_live[agent].Node is { } node) _runners.Tell(node, new Probe(agent), Self);
        }
    }

    private void Confirm(ReportLiveness report, RunSample fresh)
    {
        if (!_watches.TryGetValue(report.AgentId, out var watch) || !_fleet.TryGetValue(report.AgentId, out var options)) return;
        var holds = report.Finding == LivenessFinding.Lingering
            ? fresh.Run == report.Run && fresh.Process == ProcessState.Alive && fresh.ResultSeenAt is not null
            : fresh.Run == report.Run && Liveness.StillStalled(watch, fresh, options);
        if (holds) _agents.Tell(report);
        else _log.Info("Agent {AgentId} run {Run} moved again before it was ended as {Finding}", report.AgentId, report.Run, report.Finding);
    }

    /// <summary>The next look, if nothing asks for an earlier one.</summary>
    private void LookAt(DateTimeOffset at)
    {
        _nextAt = at;
        _period = Max(at - Now, Precision);
        Timers.StartSingleTimer(nameof(BeginSweep), new BeginSweep(), Max(at - Now, TimeSpan.Zero));
    }

    /// <summary>Not later than the first moment at which the time of some run may be up.</summary>
    private void LookSoonEnough()
    {
        var now = Now;
        DateTimeOffset? earliest = null;
        foreach (var (agent, watch) in _watches)
        {
            if (!_fleet.TryGetValue(agent, out var options)) continue;
            var due = watch.DueAt(options, _results.TryGetValue(agent, out var result) ? result : null);
            // Looked at since, and no answer came: a silent node is asked at the ordinary sweeps.
            if (due <= _lookedAt) continue;
            if (earliest is null || due < earliest) earliest = due;
        }

        if (earliest is { } at && at < _nextAt) LookAt(at < now + Precision ? now + Precision : at);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
    private static TimeSpan Clamp(TimeSpan value, TimeSpan low, TimeSpan high) => value < low ? low : value > high ? high : value;
}
