using Akka.Actor;
using Supervisor.Actors.Agents.Kinds;
using Supervisor.Actors.Outside;
using Supervisor.Messages;
using Supervisor.Messages.Repositories;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Agents;

/// <summary>How a run begins: started once, or found again.</summary>
public sealed partial class RunnerActor
{
    private void Handle(StartRun m)
    {
        if (_start is not null || _spec is not null) return; // the same decision, told twice
        (_start, _spec) = (m, m.Spec);
        var options = m.Spec.Options;
        if (options.Workspace == "worktree")
            _services.Repositories.Tell(new RepositoryProtocol.PrepareWorkspace(new RepositoryId(options.Repository), _agent));
        else
            Launch(options.Workspace == "none" ? _services.Files.AgentDirectory(_agent) : options.Workspace, null);
    }

    private void Launch(string directory, string? gitDirectory)
    {
        if (_stop is not null)
        {
            DidNotBegin("ECANCELED", "stopped before it began");
            return;
        }

        var (start, options) = (_start!, _spec!.Options);
        _kind = AgentKinds.For(options.Kind!.Value);
        var launch = _kind.Launch(new LaunchContext(options, start.Spec.Prompt, start.Session, Guid.NewGuid(), options.Model));
        var intent = new RunIntent(_agent.Value, _run, start.Epoch, _services.Node, options.Kind.Value.ToString(), start.Spec.StartHash, launch.Session, Now);
        if (!_services.Files.Create(intent))
        {
            // This decision was acted on before: find out what became of it rather than act twice.
            Find();
            return;
        }

        var environment = _services.EnvironmentOf(options);
        _sampler = new RunSampler(_agent, _run, _services, directory, gitDirectory, _kind, environment);
        if (launch.Session is { } session) Report(new RunSession(_agent, _run, session, options.Model is "" ? null : options.Model));
        var spec = new ShimSpec
        {
            AgentId = _agent.Value,
            Run = _run,
            Epoch = start.Epoch,
            AgentDirectory = _services.Files.AgentDirectory(_agent),
            RunDirectory = _services.Files.RunDirectory(_agent, _run),
            WorkingDirectory = directory,
            Arguments = launch.Arguments,
            Environment = environment,
            Input = launch.Input,
            KeepInputOpen = launch.KeepInputOpen,
            MemoryLimit = options.Limits.Memory?.Bytes ?? 0,
            PidsLimit = options.Limits.Pids,
        };
        _services.Shims.StartAsync(spec, _gone.Token).PipeTo(Self, success: s => new ShimStarted(s), failure: e => new ShimNotStarted(e));
    }

    private void DidNotBegin(string errno, string detail)
    {
        _over = true;
        Context.Parent.Tell(new RunnersActor.StartEnded(_agent, _run));
        Insist(new RunDidNotBegin(_agent, _run, errno, detail));
    }

    // Taking over.

    private void Handle(AdoptRun m)
    {
        if (_unacknowledged is { } report) Report(report);
        else if (_began is { } began) Report(began);
        if (_spec is not null) return; // it was never out of our hands
        _spec = m.Spec;
        _kind = AgentKinds.For(m.Spec.Options.Kind!.Value);
        Find();
    }

    private void Find() => _services.Shims
        .FindAsync(_services.Files.AgentDirectory(_agent), _services.Files.RunDirectory(_agent, _run), _gone.Token)
        .PipeTo(Self, success: f => new ShimFound(f), failure: e => new NotFindable(e));

    private void Handle(ShimFinding finding)
    {
        Context.Parent.Tell(new RunnersActor.StartEnded(_agent, _run));
        switch (finding)
        {
            case ShimFinding.Alive alive:
                Attach(alive.Shim, adopted: true);
                break;
            case ShimFinding.Ended ended:
                _over = true;
                Insist(new RunEnded(_agent, ToRunExit(ended.Exit)));
                break;
            case ShimFinding.SpawnFailed failed:
                DidNotBegin(failed.Errno, failed.Detail);
                break;
            case ShimFinding.NeverStarted:
                _over = true;
                Insist(new RunVanished(_agent, _run, "never-started"));
                break;
            case ShimFinding.Gone gone:
                _over = true;
                Insist(new RunVanished(_agent, _run, gone.Reboot ? "reboot" : "shim-lost"));
                break;
        }
    }
}
