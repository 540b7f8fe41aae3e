using Akka.Actor;
using Supervisor.Actors.Agents.Kinds;
using Supervisor.Actors.Outside;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Repositories;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Agents;

/// <summary>How a run is followed, spoken to and ended.</summary>
public sealed partial class RunnerActor
{
    private void Attach(IShim shim, bool adopted = false)
    {
        _shim = shim;
        _adopted = adopted;
        _sampler ??= new RunSampler(_agent, _run, _services, null, null, _kind, _services.EnvironmentOf(_spec?.Options));
        _output = new RunOutput(_services.Files, _agent, _run, _kind, _start?.Session, adopted);
        var self = Self;
        _ = Pump(shim, self, _gone.Token);
        if (_stop is not null) BeginStop(_stop);
    }

    private static async Task Pump(IShim shim, IActorRef self, CancellationToken cancel)
    {
        try
        {
            await foreach (var e in shim.Events.ReadAllAsync(cancel)) self.Tell(new Happened(e));
        }
        catch (OperationCanceledException)
        {
            // The runner is gone; the shim lives on for the next one.
        }
        catch (Exception e)
        {
            self.Tell(new NothingMoreHeard(e));
        }
    }

    private void Handle(ShimEvent e)
    {
        switch (e)
        {
            case ShimEvent.Started started:
                Context.Parent.Tell(new RunnersActor.StartEnded(_agent, _run));
                _sampler!.Begin(started.Agent, started.At);
                Report(_began = new RunBegan(_agent, _run, started.Agent.Pid, _adopted, started.At));
                break;
            case ShimEvent.SpawnFailed failed:
                DidNotBegin(failed.Errno, failed.Detail);
                break;
            case ShimEvent.Output output:
                _output!.Written(output.StdoutBytes, output.StderrBytes);
                Speak();
                Read();
                break;
            case ShimEvent.Exited exited:
                _exit = exited.Exit;
                Read();
                break;
            case ShimEvent.Drained drained:
                _output!.Written(drained.StdoutBytes, drained.StderrBytes);
                _over = true;
                Read();
                Ended();
                break;
            case ShimEvent.Stuck:
                Report(new RunIsStuck(_agent, _run, ["SIGKILL was sent to the whole tree and had no effect in time"]));
                break;
            case ShimEvent.Lost:
                _over = true;
                if (_exit is null) Insist(new RunVanished(_agent, _run, "shim-lost"));
                else Read();
                Ended();
                break;
        }
    }

    /// <summary>
    /// What the agent said is read before its end is told: the end's meaning depends on it. A stop has ended when nothing of the tree is left;
    /// an exit of the agent's own counts at once, whoever still holds its output.
    /// </summary>
    private void Read()
    {
        if (_output!.Read(Now, out var reports)) Self.Tell(new RunOutput.ReadMore());
        foreach (var report in reports) Tell(report);
        if (_exit is { } exit && !_endTold && _output.AllRead && (_stop is null || _over)) Insist(new RunEnded(_agent, ToRunExit(exit)));
    }

    private void Tell(AgentReport report)
    {
        switch (report)
        {
            case AgentReport.SessionStarted s:
                _sampler!.Session = s.Session;
                Report(new RunSession(_agent, _run, s.Session, s.Model));
                break;
            case AgentReport.Result r:
                _sampler!.ResultAt ??= Now;
                Report(new RunResult(_agent, _run, r.Success, r.Detail));
                // Nothing more is to come; a kind that keeps its input open waits for the end of it.
                if (_shim is { } shim) _ = shim.CloseInputAsync(_gone.Token).AsTask();
                break;
            case AgentReport.RateLimited l:
                Report(new RunRateLimited(_agent, _run, l.Until, l.Detail));
                break;
            case AgentReport.Error e:
                Report(new RunError(_agent, _run, e.Class, e.Detail));
                break;
        }
    }

    private void Speak()
    {
        if (_output!.Spoke(Now) is { } wait) Timers.StartSingleTimer(nameof(RunOutput.SpeakAgain), new RunOutput.SpeakAgain(), wait);
        else Report(new RunSpoke(_agent, _run, Now));
    }

    private void Sample()
    {
        if (_shim is { } shim && !_over && _sampler!.Sample(_output!, shim.Shim, Now) is { } sample) Sender.Tell(sample);
    }

    private void Handle(SendToRun m)
    {
        if (_kind?.Message(m.Text) is not { } message)
            Report(new TextSent(_agent, _run, false, $"an agent of kind {_kind?.Kind} takes no messages while it runs"));
        else if (_shim is null || _over)
            Report(new TextSent(_agent, _run, false, "its process has not begun or has ended"));
        else
            _shim.WriteAsync(message, _gone.Token).AsTask().PipeTo(Self, success: w => new TextWritten(w), failure: _ => new TextWritten(false));
    }

    // Ending.

    private void Handle(StopRun m)
    {
        if (_spec is null && _shim is null && _stop is null) Find(); // the run of an agent that nobody describes any more
        if (_stop is not null || _over) return;
        _stop = m;
        BeginStop(m);
    }

    private void BeginStop(StopRun m)
    {
        if (m.SaveWork && _spec?.Options is { Workspace: "worktree", Repository: var repository } && _shim is not null)
        {
            Timers.StartSingleTimer(nameof(StopNow), new StopNow(), SaveLimit);
            _services.Repositories.Tell(new RepositoryProtocol.SaveWork(new RepositoryId(repository), _agent, m.Reason));
        }
        else
        {
            Stop();
        }
    }

    private void Stop()
    {
        Timers.Cancel(nameof(StopNow));
        if (_shim is null || _stop is null) return; // not begun yet: Attach or Launch sees the stop
        var stop = _stop.Stop;
        _shim.StopAsync(Signals.Number(stop.Signal), stop.Grace, stop.Kill, _gone.Token).AsTask()
            .PipeTo(Self, success: () => new StopSent(null), failure: e => new StopSent(e));
    }

    private void Ended()
    {
        if (_spec?.Options is { Workspace: "worktree", Repository: var repository })
            _services.Repositories.Tell(new RepositoryProtocol.PushWork(new RepositoryId(repository), _agent, "the run ended"));
        if (_endTold && _unacknowledged is null) Context.Stop(Self);
    }
}
