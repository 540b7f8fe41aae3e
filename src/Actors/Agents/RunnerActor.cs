using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Event;
using Supervisor.Actors.Agents.Kinds;
using Supervisor.Actors.Outside;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Repositories;
using Supervisor.Messages.Watchdog;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Agents;

/// <summary>
/// Owns one run through its shim, on the node that owns the workspace. It decides nothing: it does what the agent's record
/// has written down, and tells the record what happened, again and again until the record has it.
/// </summary>
public sealed partial class RunnerActor : ReceiveActor, IWithTimers
{
    private sealed record ShimStarted(IShim Shim);
    private sealed record ShimNotStarted(Exception Reason);
    private sealed record ShimFound(ShimFinding Finding);
    private sealed record NotFindable(Exception Reason);
    private sealed record FindAgain;
    private sealed record NothingMoreHeard(Exception Reason);
    private sealed record Happened(ShimEvent Event);
    private sealed record TextWritten(bool Written);
    private sealed record StopNow;
    private sealed record StopSent(Exception? Error);
    private sealed record ReportAgain;

    /// <summary>How long a stop waits for uncommitted work to be saved.</summary>
    private static readonly TimeSpan SaveLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FindEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _gone = new();
    private readonly AgentId _agent;
    private readonly long _run;
    private readonly RunnerServices _services;

    private AgentSpec? _spec;
    private IAgentKind? _kind;
    private RunOutput? _output;
    private RunSampler? _sampler;
    private IShim? _shim;
    private StopRun? _stop;
    private IReport? _unacknowledged;
    private IReport? _began;
    private ShimExit? _exit;
    private bool _adopted;
    private bool _over;
    private bool _endTold;
    private StartRun? _start;

    public RunnerActor(AgentId agent, long run, RunnerServices services)
    {
        (_agent, _run, _services) = (agent, run, services);

        Receive<StartRun>(Handle);
        Receive<AdoptRun>(Handle);
        Receive<StopRun>(Handle);
        Receive<SendToRun>(Handle);
        Receive<UpdateRun>(m => _spec = m.Spec);
        Receive<ForgetRun>(_ => Acknowledged());
        Receive<RepositoryProtocol.WorkspaceReady>(m => { if (_start is not null) Launch(m.Path, m.GitDirectory); });
        Receive<RepositoryProtocol.WorkspaceFailed>(m => DidNotBegin("EWORKSPACE", m.Reason));
        Receive<RepositoryProtocol.WorkSaved>(_ => Self.Tell(new StopNow()));
        Receive<RepositoryProtocol.NothingToSave>(_ => Self.Tell(new StopNow()));
        Receive<RepositoryProtocol.SaveFailed>(m =>
        {
            _log.Warning("Agent {AgentId} run {Run}: uncommitted work not saved before the stop: {Reason}", _agent, _run, m.Reason);
            Self.Tell(new StopNow());
        });
        Receive<RepositoryProtocol.PushDone>(_ => { });
        Receive<RepositoryProtocol.PushFailed>(m => _log.Warning("Agent {AgentId} run {Run}: its commits were not pushed: {Reason}", _agent, _run, m.Reason));
        Receive<WatchdogProtocol.Probe>(_ => Sample());

        Receive<ShimStarted>(m => Attach(m.Shim));
        Receive<ShimNotStarted>(m => DidNotBegin("ESHIM", m.Reason.Message));
        Receive<ShimFound>(m => Handle(m.Finding));
        Receive<NotFindable>(m =>
        {
            // Unknown is not dead, and not "did not begin" either.
            Timers.StartSingleTimer(nameof(FindAgain), new FindAgain(), FindEvery);
            _log.Warning("Agent {AgentId} run {Run}: what became of it cannot be found out yet: {Reason}", _agent, _run, m.Reason.Message);
        });
        Receive<FindAgain>(_ => Find());
        Receive<NothingMoreHeard>(m => throw new InvalidOperationException("the shim cannot be listened to", m.Reason));
        Receive<Happened>(m => Handle(m.Event));
        Receive<TextWritten>(m => Report(new TextSent(_agent, _run, m.Written, m.Written ? "" : "the session takes no more input")));
        Receive<StopNow>(_ => Stop());
        // A shim that cannot be told is dead or dying, and its death is an event of its own.
        Receive<StopSent>(m => { if (m.Error is { } e) _log.Warning("Agent {AgentId} run {Run}: the shim took no stop: {Reason}", _agent, _run, e.Message); });
        Receive<RunOutput.ReadMore>(_ => Read());
        Receive<RunOutput.SpeakAgain>(_ => Speak());
        Receive<ReportAgain>(_ => { if (_unacknowledged is { } report) Report(report); });
    }

    public ITimerScheduler Timers { get; set; } = null!;
    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    private void Acknowledged()
    {
        _unacknowledged = null;
        Timers.Cancel(nameof(ReportAgain));
        if (_over || (_spec is null && _stop is null)) Context.Stop(Self);
    }

    private void Insist(IReport report)
    {
        (_endTold, _unacknowledged) = (true, report);
        Timers.StartPeriodicTimer(nameof(ReportAgain), new ReportAgain(), ReportEvery);
        Report(report);
    }

    // The shim and the record know everything that was lost here.
    protected override void PostRestart(Exception reason) => Report(new RunnerRestarted(_agent, _run));

    private void Report(IReport report) => _services.Agents.Tell(report, Self);

    private RunExit ToRunExit(ShimExit exit) => new(_run, exit.Code, exit.Signal, exit.By, exit.Reason, exit.At);

    protected override void PostStop()
    {
        _gone.Cancel();
        _gone.Dispose();
        if (_shim is { } shim) _ = shim.DisposeAsync().AsTask();
        if (_over && _spec is { } spec) _services.Files.Prune(_agent, spec.Options.Limits.Runs);
    }
}
