using Supervisor.Actors.Agents.Kinds;
using Supervisor.Actors.Outside;
using Supervisor.Messages;
using Supervisor.Messages.Watchdog;
using static Supervisor.Messages.Watchdog.WatchdogProtocol;

namespace Supervisor.Actors.Agents;

/// <summary>Takes one look at every signal of life of a run. What cannot be read is null, and proves nothing.</summary>
public sealed class RunSampler(AgentId agent, long run, RunnerServices services, string? directory, string? gitDirectory, IAgentKind? kind, IReadOnlyDictionary<string, string> environment)
{
    private ProcessIdentity? _process;
    private DateTimeOffset _startedAt;

    public string? Session { get; set; }
    public DateTimeOffset? ResultAt { get; set; }

    public void Begin(ProcessIdentity process, DateTimeOffset at) => (_process, _startedAt) = (process, at);

    /// <returns>Null before there is a process.</returns>
    public RunSample? Sample(RunOutput output, ProcessIdentity shim, DateTimeOffset now)
    {
        if (_process is not { } process) return null;
        var alive = services.Processes.IsAlive(process);
        var tree = services.Processes.Look(shim, process);
        return new RunSample(
            agent, run,
            alive switch { true => ProcessState.Alive, false => ProcessState.Dead, null => ProcessState.Unknown },
            alive switch { true => "", false => $"pid {process.Pid} is gone", null => "its process cannot be looked at" },
            output.StdoutBytes + output.StderrBytes,
            output.ParsedEvents,
            SessionBytes(),
            tree?.CpuTicks,
            tree?.Others,
            tree?.Digest,
            gitDirectory is null ? null : services.Files.Head(gitDirectory),
            ResultAt, _startedAt, now);
    }

    private long? SessionBytes() =>
        Session is { } session && directory is not null && kind?.SessionFile(session, directory, environment) is { } path ? services.Files.Size(path) : null;
}
