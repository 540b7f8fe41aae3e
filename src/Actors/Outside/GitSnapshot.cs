using System.Text.RegularExpressions;
using Supervisor.Actors.Repositories;
using Supervisor.Messages;

namespace Supervisor.Actors.Outside;

/// <summary>
/// Saves a worktree as it lies: a copy of its index takes all files in, becomes a tree, a commit and a rescue ref. The agent's own index,
/// files and HEAD are only read, so this works in the middle of a merge or a rebase and beside a stale index.lock.
/// </summary>
internal sealed partial class GitSnapshot(GitCommand git, GitRescue rescue)
{
    private const int Tries = 5;

    public static readonly IReadOnlyDictionary<string, string> Identity = new Dictionary<string, string>
    {
        ["GIT_AUTHOR_NAME"] = "supervisor",
        ["GIT_AUTHOR_EMAIL"] = "supervisor@users.noreply.github.com",
        ["GIT_COMMITTER_NAME"] = "supervisor",
        ["GIT_COMMITTER_EMAIL"] = "supervisor@users.noreply.github.com",
    };

    public async Task<Snapshot> SaveAsync(GitRepository repository, GitWorktree worktree, string reason, DateTimeOffset now, CancellationToken cancel)
    {
        Sweep(worktree.GitDirectory);
        var index = Path.Combine(worktree.GitDirectory, $"supervisor-index-{Guid.NewGuid():N}");
        try
        {
            var status = await StatusAsync(worktree, cancel).ConfigureAwait(false);
            var notes = status.Embedded.Select(path => $"{path} is a repository of its own and was left out")
                .Concat(status.DirtySubmodules.Select(path => $"{path} is a submodule; only its commit was saved, not its changes")).ToList();
            var (skipped, settings) = await AddAsync(worktree, index, status.Embedded, cancel).ConfigureAwait(false);
            notes.AddRange(skipped);
            var tree = (await git.WriteAsync(worktree.Path, With(index), cancel, [.. settings, "write-tree"]).ConfigureAwait(false)).OrThrow("cannot write the tree of the snapshot").Line;
            return await StoreAsync(repository, worktree, status.Head, tree, reason, notes, now, cancel).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(index);
            File.Delete(index + ".lock"); // left when git add was killed at its limit
        }
    }

    public async Task<WorktreeStatus> StatusAsync(GitWorktree worktree, CancellationToken cancel)
    {
        var read = await git.ReadAsync(worktree.Path, GitCommand.Kept * 16, cancel, "status", "--porcelain=v2", "-z", "--branch", "--untracked-files=all").ConfigureAwait(false);
        return WorktreeStatus.Parse(read.OrThrow($"cannot read the status of {worktree.Path}").Output);
    }

    /// <summary>Takes all files into the copied index; gives back what could not be taken, and the settings that write-tree needs too (it may run filters again).</summary>
    private async Task<(IReadOnlyList<string> Skipped, string[] Settings)> AddAsync(GitWorktree worktree, string index, IReadOnlyList<string> embedded, CancellationToken cancel)
    {
        var real = Path.Combine(worktree.GitDirectory, "index");
        List<string> filters = [];
        for (var attempt = 1; ; attempt++)
        {
            if (File.Exists(real))
            {
                File.Copy(real, index, overwrite: true); // git replaces its index by rename, so a copy is whole
            }

            string[] settings = ["-c", "core.safecrlf=false", "-c", "advice.addEmbeddedRepo=false", .. filters];
            string[] leaveOut = [.. embedded.Select(path => $":(top,exclude,literal){path}")];
            var added = await git.WriteAsync(worktree.Path, With(index), cancel, [.. settings, "add", "--all", "--ignore-errors", "--", ":(top)", .. leaveOut]).ConfigureAwait(false);
            if (added.Ok)
            {
                return (Skipped(added.Error), settings); // a folder that cannot be opened is a mere warning to git
            }

            // fatal: big.bin: clean filter 'lfs' failed      A filter that cannot run here must not cost the work: the file is saved as it is.
            if (FilterFailed().Match(added.Error) is { Success: true } failed && attempt < Tries)
            {
                var filter = $"filter.{failed.Groups[1].Value}";
                filters.AddRange(["-c", $"{filter}.clean=", "-c", $"{filter}.process=", "-c", $"{filter}.required=false"]);
                continue;
            }

            // Files that vanish between the listing and the reading fail once; files that cannot be read fail every time.
            var skipped = Skipped(added.Error);
            if (attempt >= 3 && skipped.Count > 0 && !added.TimedOut && added.ExitCode == 1)
            {
                return (skipped, settings);
            }

            if (added.TimedOut || attempt == Tries)
            {
                added.OrThrow("cannot take the files into the snapshot");
            }
        }
    }

    private async Task<Snapshot> StoreAsync(
        GitRepository repository, GitWorktree worktree, string? head, string tree, string reason, List<string> notes, DateTimeOffset now, CancellationToken cancel)
    {
        var headTree = head is null
            ? (await git.WriteAsync(worktree.Path, cancel, "hash-object", "-t", "tree", "/dev/null").ConfigureAwait(false)).OrThrow("cannot name the empty tree").Line
            : (await git.ReadAsync(worktree.Path, cancel, "rev-parse", head + "^{tree}").ConfigureAwait(false)).OrThrow("cannot read HEAD's tree").Line;
        if (tree == headTree)
        {
            var kept = head is null ? null : await rescue.KeepAsync(repository, worktree.Agent, head, now, cancel).ConfigureAwait(false);
            return kept is null ? new Snapshot.Nothing() : new Snapshot.Saved(kept, head!, notes);
        }

        if (await StandingAsync(repository, worktree, head, tree, cancel).ConfigureAwait(false) is var (name, standing))
        {
            return new Snapshot.Saved(name, standing, notes);
        }

        var message = string.Join('\n', [$"Rescue of {worktree.Agent}: {PushRefusal.OneLine(reason)}", "", .. notes]);
        string[] parents = head is null ? [] : ["-p", head];
        var commit = (await git.WriteAsync(worktree.Path, Identity, cancel, ["commit-tree", tree, .. parents, "-m", message]).ConfigureAwait(false))
            .OrThrow("cannot write the commit of the snapshot").Line;
        return new Snapshot.Saved(await rescue.RefAsync(repository, worktree.Agent, commit, now, cancel).ConfigureAwait(false), commit, notes);
    }

    /// <summary>The rescue ref that already holds this very state, so that saving twice makes one.</summary>
    private async Task<(string Name, string Commit)?> StandingAsync(GitRepository repository, GitWorktree worktree, string? head, string tree, CancellationToken cancel)
    {
        var listed = await git.ReadAsync(repository.Path, cancel,
            "for-each-ref", "--sort=-refname", "--format=%(tree) %(parent) %(objectname) %(refname)", RefNames.RescueFolder(worktree.Agent)).ConfigureAwait(false);
        var found = listed.OrThrow("cannot list rescue refs").Output.Split('\n').Select(line => line.Split(' '))
            .FirstOrDefault(fields => fields.Length == 4 && fields[0] == tree && fields[1] == (head ?? ""));
        return found is null ? null : (found[3], found[2]);
    }

    private static Dictionary<string, string> With(string index) => new() { ["GIT_INDEX_FILE"] = index };

    /// <summary>What a daemon that died while saving left behind.</summary>
    private static void Sweep(string gitDirectory)
    {
        foreach (var file in Directory.EnumerateFiles(gitDirectory, "supervisor-index-*").Where(file => File.GetLastWriteTimeUtc(file) < DateTime.UtcNow.AddHours(-1)))
        {
            File.Delete(file);
        }
    }

    /// <summary>One note for each file that git says it could not take.</summary>
    public static IReadOnlyList<string> Skipped(string error) =>
        // error: open("secret"): Permission denied      error: unable to index file 'secret'      warning: could not open directory 'x/': Permission denied
        [.. NotTaken().Matches(error).Select(match => $"{match.Groups[1].Value} could not be read and was left out").Distinct()];

    [GeneratedRegex(@"clean filter '([^']+)' failed", RegexOptions.None)]
    private static partial Regex FilterFailed();

    [GeneratedRegex(@"^(?:error: unable to index file|warning: could not open directory) '(.+?)'(?:: .*)?$", RegexOptions.Multiline)]
    private static partial Regex NotTaken();
}
