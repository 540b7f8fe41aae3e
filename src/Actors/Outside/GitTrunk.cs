using System.Globalization;
using Supervisor.Actors.Repositories;
using Supervisor.Messages.Repositories;

namespace Supervisor.Actors.Outside;

/// <summary>
/// Brings commits onto the trunk. When the trunk has moved they are rebased in a scratch worktree of the supervisor's own: the agent's
/// branch and files stay where they are. No conflict is ever resolved here, and no conflict marker gets through.
/// </summary>
internal sealed class GitTrunk(GitCommand git, GitRemote remote, GitWorktrees worktrees)
{
    private const int Tries = 3;
    private const int LargestDiff = 16 << 20;

    private static readonly Dictionary<string, string> Committer =
        GitSnapshot.Identity.Where(pair => pair.Key.Contains("COMMITTER", StringComparison.Ordinal)).ToDictionary();

    // Each of these, set by a user, would make a rebase touch more than the scratch worktree or resolve on its own.
    private static readonly string[] Plain =
    [
        "-c", "rerere.enabled=false", "-c", "rebase.autoStash=false", "-c", "rebase.updateRefs=false", "-c", "rebase.rebaseMerges=false",
        "-c", "rebase.forkPoint=false", "-c", "merge.autoStash=false", "-c", "advice.detachedHead=false",
    ];

    /// <summary>Commits that the trunk, as last read, holds neither by id nor by content.</summary>
    public async Task<int> PendingAsync(GitRepository repository, string head, CancellationToken cancel)
    {
        var trunk = await remote.KnownAsync(repository, repository.Settings.Branch, cancel).ConfigureAwait(false);
        string[] range = trunk is null ? [head] : ["--no-merges", "--cherry-pick", "--right-only", $"{trunk}...{head}"];
        var counted = await git.ReadAsync(repository.Path, GitCommand.Kept, cancel, ["rev-list", "--count", .. range]).ConfigureAwait(false);
        return int.Parse(counted.OrThrow("cannot count the commits that the trunk lacks").Line, CultureInfo.InvariantCulture);
    }

    public async Task<(PushedRef? Pushed, Refusal? Refusal)> PushAsync(GitRepository repository, string head, CancellationToken cancel)
    {
        var branch = repository.Settings.Branch;
        for (var attempt = 1; ; attempt++)
        {
            var fetched = await remote.FetchAsync(repository, branch, cancel).ConfigureAwait(false);
            if (!fetched.Ok)
            {
                return (null, Unfetched(fetched, branch));
            }

            var tip = (await git.ReadAsync(repository.Path, cancel, "rev-parse", "--verify", RefNames.RemoteMirror + branch).ConfigureAwait(false)).OrThrow($"cannot read {branch}").Line;
            var pending = await PendingAsync(repository, head, cancel).ConfigureAwait(false);
            if (pending == 0)
            {
                return (null, null);
            }

            var (commit, refusal) = await remote.IsAncestorAsync(repository, tip, head, cancel).ConfigureAwait(false)
                ? (head, null)
                : await OntoAsync(repository, head, tip, cancel).ConfigureAwait(false);
            refusal ??= await MarkersAsync(repository, tip, commit, cancel).ConfigureAwait(false) ?? await remote.PushAsync(repository, commit, branch, cancel).ConfigureAwait(false);
            if (refusal is null)
            {
                return (new PushedRef(commit, $"refs/heads/{branch}", pending), null);
            }

            if (refusal.Class != RefusalClass.RemoteAhead || attempt == Tries)
            {
                return (null, refusal);
            }

            // Somebody was faster. Spread out, so that two who met do not meet again.
            await Task.Delay(Random.Shared.Next(50, 400) * attempt, cancel).ConfigureAwait(false);
        }
    }

    private static Refusal Unfetched(GitResult fetched, string branch) =>
        // fatal: couldn't find remote ref refs/heads/main      Renamed or deleted: a person must say where the trunk is now.
        fetched.Error.Contains("couldn't find remote ref", StringComparison.Ordinal)
            ? new Refusal(RefusalClass.Unknown, false, $"the remote has no branch {branch}")
            : PushRefusal.Classify(fetched.Output, fetched.Error, fetched.ExitCode, fetched.TimedOut);

    /// <summary>The commits put on the trunk's tip, in a scratch worktree that is gone afterwards.</summary>
    private async Task<(string Commit, Refusal? Refusal)> OntoAsync(GitRepository repository, string head, string tip, CancellationToken cancel)
    {
        var path = Path.Combine(Scratch(repository), Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Scratch(repository));
        try
        {
            using (await worktrees.LockAsync(repository, cancel).ConfigureAwait(false))
            {
                (await git.LongAsync(repository.Path, cancel, "worktree", "add", "--quiet", "--detach", path, head).ConfigureAwait(false)).OrThrow("cannot make a scratch worktree");
            }

            // A rebase drops merges, and with them what they resolved; such a range is merged instead.
            var merges = await git.ReadAsync(repository.Path, cancel, "rev-list", "--count", "--merges", $"{tip}..{head}").ConfigureAwait(false);
            var hasMerges = merges.OrThrow("cannot look for merges").Line != "0";
            var moved = hasMerges
                ? await git.LongAsync(path, GitSnapshot.Identity, cancel, [.. Plain, "merge", "--no-ff", "--no-edit", "-m", $"Merge {repository.Settings.Branch}", tip]).ConfigureAwait(false)
                : await git.LongAsync(path, Committer, cancel, [.. Plain, "rebase", tip]).ConfigureAwait(false);
            if (moved.Ok)
            {
                return ((await git.ReadAsync(path, cancel, "rev-parse", "HEAD").ConfigureAwait(false)).OrThrow("cannot read the rebased commit").Line, null);
            }

            var unmerged = await git.ReadAsync(path, cancel, "diff", "--name-only", "--diff-filter=U", "-z").ConfigureAwait(false);
            await git.WriteAsync(path, cancel, hasMerges ? "merge" : "rebase", "--abort").ConfigureAwait(false); // for the hooks; the worktree goes either way
            var files = unmerged.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
            return files.Length > 0
                ? (head, new Refusal(RefusalClass.RebaseConflict, true, PushRefusal.OneLine(
                    $"{head[..10]} conflicts with {repository.Settings.Branch} at {tip[..10]} in {string.Join(", ", files.Take(5))}{(files.Length > 5 ? $" and {files.Length - 5} more" : "")}")))
                : (head, new Refusal(RefusalClass.Unknown, false, PushRefusal.OneLine($"the commits could not be put on {repository.Settings.Branch}: {moved.Error}")));
        }
        finally
        {
            await worktrees.RemoveScratchAsync(repository, path, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Lines added on the way from the trunk that begin like a conflict marker.</summary>
    private async Task<Refusal?> MarkersAsync(GitRepository repository, string tip, string commit, CancellationToken cancel)
    {
        // -G names the files in question only, so this is nearly always empty.
        var diff = await git.ReadAsync(repository.Path, LargestDiff, cancel,
            "diff", "--no-ext-diff", "--no-textconv", "--unified=0", "--find-renames", "--text", "-G^(<<<<<<<|>>>>>>>) ", tip, commit).ConfigureAwait(false);
        diff.OrThrow("cannot look for conflict markers");
        if (diff.Truncated)
        {
            return new Refusal(RefusalClass.ConflictMarkers, true, "the change is too large to be searched for conflict markers");
        }

        var file = "";
        foreach (var line in diff.Output.Split('\n'))
        {
            if (line.StartsWith("+++ b/", StringComparison.Ordinal))
            {
                file = line[6..].TrimEnd('\t');
            }
            else if (line.StartsWith("+<<<<<<< ", StringComparison.Ordinal) || line.StartsWith("+>>>>>>> ", StringComparison.Ordinal))
            {
                return new Refusal(RefusalClass.ConflictMarkers, true, PushRefusal.OneLine($"{file} holds a conflict marker: {line[1..]}"));
            }
        }

        return null;
    }

    /// <summary>Takes away the scratch of a daemon that died. Only one repository actor works here, so none of it is in use.</summary>
    public async Task SweepAsync(GitRepository repository, CancellationToken cancel)
    {
        string[] left = Directory.Exists(Scratch(repository)) ? Directory.GetDirectories(Scratch(repository)) : [];
        foreach (var path in left)
        {
            await worktrees.RemoveScratchAsync(repository, path, cancel).ConfigureAwait(false);
        }
    }

    private static string Scratch(GitRepository repository) =>
        Path.Combine(repository.Settings.StateDirectory, "scratch", RefNames.Checked(repository.Settings.Id.Value));
}
