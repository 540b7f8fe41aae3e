using System.Threading.Channels;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Outside;

/// <summary>Everything a shim is told. Argv, environment and input reach it through a pipe: never a file, never <c>ps</c>.</summary>
public sealed record ShimSpec
{
    public required string AgentId { get; init; }
    public required long Run { get; init; }
    public required long Epoch { get; init; }

    /// <summary><c>agents/&lt;id&gt;</c>: holds the lock that keeps a second copy from starting.</summary>
    public required string AgentDirectory { get; init; }

    /// <summary><c>agents/&lt;id&gt;/runs/&lt;n&gt;</c>, already holding <c>intent.json</c>.</summary>
    public required string RunDirectory { get; init; }
    public required string WorkingDirectory { get; init; }

    /// <summary>Argv; the first is looked up in the PATH of <see cref="Environment"/> when it holds no slash.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>What the agent reads first from its standard input.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Keep standard input open after <see cref="Input"/>, for <see cref="IShim.WriteAsync"/>; otherwise it ends there.</summary>
    public bool KeepInputOpen { get; init; }

    /// <summary>Bytes for the whole tree; 0: no limit.</summary>
    public long MemoryLimit { get; init; }

    /// <summary>Processes of the whole tree; 0: no limit.</summary>
    public int PidsLimit { get; init; }
}

/// <summary>A process that cannot be mistaken for another: pid and start time in clock ticks since boot, on one boot.</summary>
public sealed record ProcessIdentity(int Pid, long StartTicks, string BootId);

/// <summary>How the agent's own process ended. Exactly one of <paramref name="Code"/> and <paramref name="Signal"/> is set.</summary>
public sealed record ShimExit(int? Code, int? Signal, bool CoreDumped, EndedBy By, string Reason, DateTimeOffset At);

public abstract record ShimEvent
{
    private ShimEvent() { }

    public sealed record Started(ProcessIdentity Agent, DateTimeOffset At) : ShimEvent;

    /// <summary>The agent's program could not be started; <paramref name="Errno"/> by name, <c>ENOENT</c>.</summary>
    public sealed record SpawnFailed(string Errno, string Detail) : ShimEvent;

    /// <summary>Totals in the run's files; sent at most ten times a second, and always before <see cref="Exited"/>.</summary>
    public sealed record Output(long StdoutBytes, long StderrBytes) : ShimEvent;

    /// <summary>The agent's own process ended: known at once, whoever else still holds its output.</summary>
    public sealed record Exited(ShimExit Exit) : ShimEvent;

    /// <summary>The whole tree is gone and its output is on disk. The last event of a good shim.</summary>
    public sealed record Drained(long StdoutBytes, long StderrBytes) : ShimEvent;

    /// <summary>SIGKILL had no effect within its time; the tree is still there.</summary>
    public sealed record Stuck : ShimEvent;

    /// <summary>The shim itself is gone without a word; its agent's tree has been killed.</summary>
    public sealed record Lost : ShimEvent;
}

/// <summary>One living shim, new or found again. Disposing lets go of it and never ends it.</summary>
public interface IShim : IAsyncDisposable
{
    ProcessIdentity Shim { get; }

    /// <summary>Ends after <see cref="ShimEvent.SpawnFailed"/>, <see cref="ShimEvent.Drained"/> or <see cref="ShimEvent.Lost"/>.</summary>
    ChannelReader<ShimEvent> Events { get; }

    /// <summary>Signal and SIGCONT to the whole tree, SIGKILL after <paramref name="grace"/>, <see cref="ShimEvent.Stuck"/> after <paramref name="kill"/>. A second call changes nothing.</summary>
    ValueTask StopAsync(int signal, TimeSpan grace, TimeSpan kill, CancellationToken cancel);

    /// <summary>To the agent's standard input; false when it is closed.</summary>
    ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancel);

    ValueTask CloseInputAsync(CancellationToken cancel);
}

/// <summary>What became of a run whose shim was not watched.</summary>
public abstract record ShimFinding
{
    private ShimFinding() { }

    public sealed record Alive(IShim Shim) : ShimFinding;

    /// <summary>It left its exit status.</summary>
    public sealed record Ended(ShimExit Exit) : ShimFinding;

    /// <summary>Its program could not be started; <paramref name="Errno"/> by name.</summary>
    public sealed record SpawnFailed(string Errno, string Detail) : ShimFinding;

    /// <summary>No shim ever started for this run directory.</summary>
    public sealed record NeverStarted : ShimFinding;

    /// <summary>It is gone and left no status. <paramref name="Reboot"/>: the machine has restarted since.</summary>
    public sealed record Gone(bool Reboot) : ShimFinding;
}

/// <summary>Which form of the shim is in use.</summary>
public enum ShimForm { Native, Managed }

/// <summary>What the shims of this machine can do. A limit that is not offered is not set.</summary>
public sealed record ShimFacilities(ShimForm Form, bool CgroupKill, bool MemoryLimit, bool PidsLimit);

public interface IShims
{
    ShimFacilities Facilities { get; }

    /// <summary>Starts a shim. Completes as soon as the shim's process exists; all else arrives as events.</summary>
    Task<IShim> StartAsync(ShimSpec spec, CancellationToken cancel);

    /// <summary>Finds the shim of a run directory again: by its socket, else by its identity.</summary>
    Task<ShimFinding> FindAsync(string agentDirectory, string runDirectory, CancellationToken cancel);
}
