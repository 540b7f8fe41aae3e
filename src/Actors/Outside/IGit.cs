using Supervisor.Actors.Repositories;
using Supervisor.Messages;

namespace Supervisor.Actors.Outside;

/// <summary>A clone on this machine.</summary>
/// <param name="CommonDirectory">The <c>.git</c> that all its worktrees share.</param>
public sealed record GitRepository(RepositorySettings Settings, string Path, string CommonDirectory);

/// <summary>An agent's worktree.</summary>
/// <param name="GitDirectory">Where its own HEAD and index are.</param>
/// <param name="Note">What was done other than asked, for the log; empty: nothing.</param>
public sealed record GitWorktree(AgentId Agent, string Path, string GitDirectory, string Note = "");

/// <param name="Head">Null: no commit yet.</param>
/// <param name="Branch">Null: detached.</param>
/// <param name="Unpushed">Commits that the remote lacks.</param>
/// <param name="Pending">Commits that the repository's mode would push now.</param>
public sealed record WorkInspection(string? Head, string? Branch, int Unpushed, int Pending);

public abstract record Snapshot
{
    private Snapshot() { }

    /// <param name="Notes">What the snapshot could not hold, one line each.</param>
    public sealed record Saved(string Ref, string Commit, IReadOnlyList<string> Notes) : Snapshot;
    public sealed record Nothing : Snapshot;
}

/// <summary>A ref of the remote that was read again after the push, and held the commit.</summary>
public sealed record PushedRef(string Commit, string Ref, int Commits);

/// <param name="Head">The commit the push was made from; null: no commit yet.</param>
/// <param name="Pushed">May hold an entry beside a refusal: work refused by the trunk is safe on the agent's branch.</param>
/// <param name="Rescue">The rescue ref made because of the refusal.</param>
public sealed record PushReport(string? Head, IReadOnlyList<PushedRef> Pushed, Refusal? Refusal, int Unpushed, string? Rescue = null);

/// <summary>
/// Every touch of git. Never a stash, never a checkout or a rebase in an agent's worktree, never a forced push.
/// What cannot be done throws <see cref="GitException"/> with a message for a person.
/// </summary>
public interface IGit
{
    /// <summary>The configured clone, or one made under the state directory.</summary>
    Task<GitRepository> EnsureCloneAsync(RepositorySettings settings, CancellationToken cancel);

    /// <summary>Takes away the scratch worktrees of a daemon that died; once, at the start.</summary>
    Task SweepAsync(GitRepository repository, CancellationToken cancel);

    /// <summary>The agent's worktree, as it is if it exists, whatever it has checked out.</summary>
    Task<GitWorktree> EnsureWorktreeAsync(GitRepository repository, AgentId agent, DateTimeOffset now, CancellationToken cancel);

    /// <summary>The agents' worktrees that exist under the state directory.</summary>
    Task<IReadOnlyList<GitWorktree>> FindWorktreesAsync(GitRepository repository, CancellationToken cancel);

    Task<WorktreeStatus> StatusAsync(GitWorktree worktree, CancellationToken cancel);

    /// <summary>Learns which of the agents' branches the remote has now. Moves no ref of the agents.</summary>
    Task RefreshAsync(GitRepository repository, CancellationToken cancel);

    /// <summary>Reads only, and only this machine.</summary>
    Task<WorkInspection> InspectAsync(GitRepository repository, GitWorktree worktree, CancellationToken cancel);

    /// <summary>Saves uncommitted work, and commits that no ref holds, to a rescue ref; index, files and HEAD stay untouched.</summary>
    Task<Snapshot> SnapshotAsync(GitRepository repository, GitWorktree worktree, string reason, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Pushes by the repository's mode and reads the remote again.</summary>
    Task<PushReport> PushAsync(GitRepository repository, GitWorktree worktree, DateTimeOffset now, CancellationToken cancel);
}
