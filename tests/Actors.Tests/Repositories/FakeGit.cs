using System.Collections.Concurrent;
using Supervisor.Actors.Outside;
using Supervisor.Actors.Repositories;
using Supervisor.Messages;

namespace Supervisor.Actors.Tests.Repositories;

/// <summary>Git with switches: each answer can be exchanged while the actor runs.</summary>
internal sealed class FakeGit : IGit
{
    private int _pushing;

    public List<AgentId> Existing { get; } = [];
    public ConcurrentQueue<AgentId> Pushes { get; } = new();
    public int MostPushesAtOnce { get; private set; }
    public int Clones { get; private set; }

    public Exception? CloneFails { get; set; }
    public Func<AgentId, WorkInspection> Inspects { get; set; } = _ => new WorkInspection("c1", "agents/A1", 1, 1);
    public Func<AgentId, CancellationToken, Task<PushReport>> Pushing { get; set; } = (_, _) => Task.FromResult(Pushed("c1"));
    public Func<AgentId, CancellationToken, Task<Snapshot>> Saves { get; set; } = (_, _) => Task.FromResult<Snapshot>(new Snapshot.Nothing());
    public Func<AgentId, Task> Prepares { get; set; } = _ => Task.CompletedTask;

    public static PushReport Pushed(string commit) => new(commit, [new PushedRef(commit, "refs/heads/agents/A1", 1)], null, 0);
    public static PushReport Refused(string commit, Refusal refusal) => new(commit, [], refusal, 1);

    public Task<GitRepository> EnsureCloneAsync(RepositorySettings settings, CancellationToken cancel)
    {
        Clones++;
        return CloneFails is null ? Task.FromResult(new GitRepository(settings, settings.Path, settings.Path + "/.git")) : Task.FromException<GitRepository>(CloneFails);
    }

    public Task SweepAsync(GitRepository repository, CancellationToken cancel) => Task.CompletedTask;

    public async Task<GitWorktree> EnsureWorktreeAsync(GitRepository repository, AgentId agent, DateTimeOffset now, CancellationToken cancel)
    {
        await Prepares(agent);
        return Worktree(agent);
    }

    public Task<IReadOnlyList<GitWorktree>> FindWorktreesAsync(GitRepository repository, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<GitWorktree>>([.. Existing.Select(Worktree)]);

    public Task<WorktreeStatus> StatusAsync(GitWorktree worktree, CancellationToken cancel) => Task.FromResult(WorktreeStatus.Parse(""));

    public Task RefreshAsync(GitRepository repository, CancellationToken cancel) => Task.CompletedTask;

    public Task<WorkInspection> InspectAsync(GitRepository repository, GitWorktree worktree, CancellationToken cancel) => Task.FromResult(Inspects(worktree.Agent));

    public Task<Snapshot> SnapshotAsync(GitRepository repository, GitWorktree worktree, string reason, DateTimeOffset now, CancellationToken cancel) =>
        Saves(worktree.Agent, cancel);

    public async Task<PushReport> PushAsync(GitRepository repository, GitWorktree worktree, DateTimeOffset now, CancellationToken cancel)
    {
        MostPushesAtOnce = Math.Max(MostPushesAtOnce, Interlocked.Increment(ref _pushing));
        Pushes.Enqueue(worktree.Agent);
        try
        {
            return await Pushing(worktree.Agent, cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _pushing);
        }
    }

    private static GitWorktree Worktree(AgentId agent) => new(agent, $"/state/worktrees/app/{agent}", $"/app/.git/worktrees/{agent}");
}
