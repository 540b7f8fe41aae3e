using Supervisor.Messages.Agents;

namespace Supervisor.Messages.Watchdog;

/// <summary>Whether a run's process is there, by its identity. Unknown is not dead.</summary>
public enum ProcessState { Alive, Dead, Unknown }

public sealed record WatchedAgent(AgentId AgentId, LivenessOptions Liveness);

public static class WatchdogProtocol
{
    /// <summary>Which runs are watched, and what counts as a stall there. The whole fleet each time.</summary>
    public sealed record WatchFleet(IReadOnlyList<WatchedAgent> Agents) : IWireMessage;

    /// <summary>Every runner of a node, or only that of <paramref name="Only"/>, answers with a <see cref="RunSample"/>.</summary>
    public sealed record Probe(AgentId? Only) : IWireMessage;

    /// <summary>
    /// What one look at a run found. Totals since its start, never deltas, so that a lost or doubled sample does no harm.
    /// Null: this probe failed or there is nothing of the kind; it proves nothing.
    /// </summary>
    /// <param name="Why">Why <paramref name="Process"/> is Dead or Unknown; empty: alive.</param>
    /// <param name="CpuTicks">Of the whole tree, ended members included; hundredths of a second.</param>
    /// <param name="ChildProcesses">Members of the tree besides the agent's own process.</param>
    /// <param name="ChildSet">Changes whenever one of them comes or goes: a digest of their pids and start times.</param>
    /// <param name="Head">The workspace's commit.</param>
    /// <param name="ResultSeenAt">When the agent last said that it was done, having said or been told nothing since.</param>
    public sealed record RunSample(
        AgentId AgentId, long Run, ProcessState Process, string Why, long? OutputBytes, long? ParsedEvents, long? SessionFileBytes,
        long? CpuTicks, int? ChildProcesses, string? ChildSet, string? Head, DateTimeOffset? ResultSeenAt, DateTimeOffset StartedAt, DateTimeOffset At) : IWireMessage;
}
