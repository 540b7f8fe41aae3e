using Supervisor.Actors.Repositories;
using Supervisor.Messages;

namespace Supervisor.Actors.Outside;

/// <summary>The git program behind <see cref="IGit"/>.</summary>
public sealed class Git : IGit
{
    private readonly GitClone _clone;
    private readonly GitWorktrees _worktrees;
    private readonly GitSnapshot _snapshot;
    private readonly GitRemote _remote;
    private readonly GitTrunk _trunk;
    private readonly GitPush _push;

    public Git(GitLimits limits)
    {
        var command = new GitCommand(limits);
        var rescue = new GitRescue(command);
        _remote = new GitRemote(command);
        _clone = new GitClone(command, limits);
        _worktrees = new GitWorktrees(command, limits, _remote, rescue);
        _snapshot = new GitSnapshot(command, rescue);
        _trunk = new GitTrunk(command, _remote, _worktrees);
        _push = new GitPush(command, _remote, rescue, _trunk);
    }

    public Task<GitRepository> EnsureCloneAsync(RepositorySettings settings, CancellationToken cancel) => _clone.EnsureAsync(settings, cancel);

    public Task SweepAsync(GitRepository repository, CancellationToken cancel) => _trunk.SweepAsync(repository, cancel);

    public Task<GitWorktree> EnsureWorktreeAsync(GitRepository repository, AgentId agent, DateTimeOffset now, CancellationToken cancel) =>
        _worktrees.EnsureAsync(repository, agent, now, cancel);

    public Task<IReadOnlyList<GitWorktree>> FindWorktreesAsync(GitRepository repository, CancellationToken cancel) => _worktrees.FindAsync(repository, cancel);

    public Task<WorktreeStatus> StatusAsync(GitWorktree worktree, CancellationToken cancel) => _snapshot.StatusAsync(worktree, cancel);

    public Task RefreshAsync(GitRepository repository, CancellationToken cancel) => _remote.RefreshAsync(repository, cancel);

    public Task<WorkInspection> InspectAsync(GitRepository repository, GitWorktree worktree, CancellationToken cancel) =>
        _push.InspectAsync(repository, worktree, cancel);

    public Task<Snapshot> SnapshotAsync(GitRepository repository, GitWorktree worktree, string reason, DateTimeOffset now, CancellationToken cancel) =>
        _snapshot.SaveAsync(repository, worktree, reason, now, cancel);

    public Task<PushReport> PushAsync(GitRepository repository, GitWorktree worktree, DateTimeOffset now, CancellationToken cancel) =>
        _push.PushAsync(repository, worktree, now, cancel);
}
