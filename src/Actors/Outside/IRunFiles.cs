using Supervisor.Messages;

namespace Supervisor.Actors.Outside;

/// <summary>What is written down beside a run before its process exists. Nothing secret: no argv, no environment.</summary>
public sealed record RunIntent(string AgentId, long Run, long Epoch, string Node, string Kind, string StartHash, string? Session, DateTimeOffset DecidedAt);

/// <summary>The directories <c>agents/&lt;id&gt;/runs/&lt;n&gt;</c> under the state directory.</summary>
public interface IRunFiles
{
    string AgentDirectory(AgentId agent);
    string RunDirectory(AgentId agent, long run);

    /// <summary>Makes the directory (mode 0700) and its <c>intent.json</c>; false when the run already has one.</summary>
    bool Create(RunIntent intent);

    /// <summary>Reads what the agent printed; fewer bytes than asked for at the end of the file.</summary>
    int ReadOutput(AgentId agent, long run, long offset, Span<byte> buffer);

    /// <summary>Size now; null when there is no such file or it cannot be read. A <c>*</c> stands for any part of one path segment: the newest match counts.</summary>
    long? Size(string path);

    /// <summary>The commit that a worktree stands on, by its reflog: no git is run. Null: none yet, or it cannot be read.</summary>
    string? Head(string gitDirectory);

    /// <summary>Keeps the newest <paramref name="keep"/> runs.</summary>
    void Prune(AgentId agent, int keep);

    /// <summary>Agents whose newest run has not left an exit status.</summary>
    IReadOnlyList<AgentId> Unfinished();
}
