using Supervisor.Actors.Repositories;
using Supervisor.Messages;
using Supervisor.Messages.Repositories;

namespace Supervisor.Actors.Outside;

/// <summary>Pushes an agent's commits by the repository's mode: an explicit refspec, never forced, and the remote read again afterwards.</summary>
internal sealed class GitPush(GitCommand git, GitRemote remote, GitRescue rescue, GitTrunk trunk)
{
    /// <summary>Refusals of the trunk that its own branch on the remote would not meet again.</summary>
    private static readonly HashSet<RefusalClass> SafeOnBranch =
    [
        RefusalClass.RebaseConflict, RefusalClass.ConflictMarkers, RefusalClass.ProtectedBranch, RefusalClass.RuleViolation,
        RefusalClass.HookDeclined, RefusalClass.RemoteAhead,
    ];

    public async Task<PushReport> PushAsync(GitRepository repository, GitWorktree worktree, DateTimeOffset now, CancellationToken cancel)
    {
        var before = await InspectAsync(repository, worktree, cancel).ConfigureAwait(false);
        if (before.Head is null || repository.Settings.PushMode == PushMode.Off)
        {
            return new PushReport(before.Head, [], null, before.Unpushed);
        }

        var branch = RefNames.Branch(worktree.Agent);
        var listed = await remote.ListAsync(repository, cancel, $"refs/heads/{branch}").ConfigureAwait(false);
        if (!listed.Ok)
        {
            var unreachable = PushRefusal.Classify(listed.Output, listed.Error, listed.ExitCode, listed.TimedOut);
            return new PushReport(before.Head, [], unreachable, before.Unpushed);
        }

        await remote.MirrorAsync(repository, branch, GitRemote.Parse(listed.Output).GetValueOrDefault($"refs/heads/{branch}"), cancel).ConfigureAwait(false);
        var current = await InspectAsync(repository, worktree, cancel).ConfigureAwait(false);
        if (current.Head is null || current.Pending == 0)
        {
            return new PushReport(current.Head, [], null, current.Unpushed);
        }

        var attempt = new Attempt(repository, worktree.Agent, current.Head, current.Pending, now);
        var (pushed, refusal, kept) = repository.Settings.PushMode == PushMode.Trunk
            ? await ToTrunkAsync(attempt, cancel).ConfigureAwait(false)
            : await ToBranchAsync(attempt, cancel).ConfigureAwait(false);
        var after = await InspectAsync(repository, worktree, cancel).ConfigureAwait(false);
        return new PushReport(current.Head, pushed, refusal, after.Unpushed, kept);
    }

    public async Task<WorkInspection> InspectAsync(GitRepository repository, GitWorktree worktree, CancellationToken cancel)
    {
        var read = await git.ReadAsync(worktree.Path, cancel, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").ConfigureAwait(false);
        var branch = await git.ReadAsync(worktree.Path, cancel, "symbolic-ref", "--quiet", "--short", "HEAD").ConfigureAwait(false);
        if (!read.Ok)
        {
            // Quiet and 1: no commit yet. Anything else is a fault, and no count of zero.
            return read.ExitCode == 1 && !read.TimedOut && branch.Ok
                ? new WorkInspection(null, branch.Line, 0, 0)
                : throw new GitException($"cannot read HEAD of {worktree.Path}: {read.Error.Trim()}");
        }

        var unpushed = await CountAsync(repository, worktree.Agent, read.Line, cancel).ConfigureAwait(false);
        var pending = repository.Settings.PushMode switch
        {
            PushMode.Off => 0,
            PushMode.Trunk => await trunk.PendingAsync(repository, read.Line, cancel).ConfigureAwait(false),
            _ => unpushed,
        };

        // What the trunk took under another id is pushed, although no ref of the remote holds these very commits.
        return new WorkInspection(read.Line, branch.Ok ? branch.Line : null, repository.Settings.PushMode == PushMode.Trunk ? Math.Min(unpushed, pending) : unpushed, pending);
    }

    private async Task<int> CountAsync(GitRepository repository, AgentId agent, string head, CancellationToken cancel)
    {
        // The agents' own tracking ref of the agent's branch may tell of a branch that the remote has lost; the mirror was read from the remote.
        var tracking = $"refs/remotes/{repository.Settings.Remote}/";
        var counted = await git.ReadAsync(repository.Path, cancel, "rev-list", "--count", head, "--not",
            $"--glob={RefNames.RemoteMirror}*", $"--exclude={tracking}{RefNames.Branch(agent)}", $"--glob={tracking}*").ConfigureAwait(false);
        return int.Parse(counted.OrThrow("cannot count unpushed commits").Line, System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<Outcome> ToTrunkAsync(Attempt attempt, CancellationToken cancel)
    {
        var (pushed, refusal) = await trunk.PushAsync(attempt.Repository, attempt.Head, cancel).ConfigureAwait(false);
        if (refusal is null || !SafeOnBranch.Contains(refusal.Class))
        {
            return new Outcome(pushed is null ? [] : [pushed], refusal, null);
        }

        var (safe, second, kept) = await ToBranchAsync(attempt, cancel).ConfigureAwait(false);
        return new Outcome(safe, second is null ? refusal : refusal with { Text = $"{refusal.Text}; {RefNames.Branch(attempt.Agent)} too: {second.Text}" }, kept);
    }

    private async Task<Outcome> ToBranchAsync(Attempt attempt, CancellationToken cancel)
    {
        var repository = attempt.Repository;
        var branch = RefNames.Branch(attempt.Agent);
        var mirror = await git.ReadAsync(repository.Path, cancel, "rev-parse", "--verify", "--quiet", RefNames.RemoteMirror + branch).ConfigureAwait(false);
        if (mirror.Line == attempt.Head)
        {
            return new Outcome([], null, null);
        }

        var refusal = await remote.PushAsync(repository, attempt.Head, branch, cancel).ConfigureAwait(false);
        if (refusal is null)
        {
            return new Outcome([new PushedRef(attempt.Head, $"refs/heads/{branch}", attempt.Commits)], null, null);
        }

        if (refusal.Class != RefusalClass.RemoteAhead)
        {
            return new Outcome([], refusal, null);
        }

        // The agent rewrote what it had pushed, or left its branch. Its branch is never moved and never forced, so only a new commit can help.
        var kept = await rescue.RefAsync(repository, attempt.Agent, attempt.Head, attempt.Now, cancel).ConfigureAwait(false);
        return new Outcome([], refusal with { Permanent = true, Text = $"{refusal.Text}; the work is kept at {kept}" }, kept);
    }

    private sealed record Attempt(GitRepository Repository, AgentId Agent, string Head, int Commits, DateTimeOffset Now);

    private sealed record Outcome(IReadOnlyList<PushedRef> Pushed, Refusal? Refusal, string? Rescue);
}
