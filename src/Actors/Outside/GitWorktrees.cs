using Supervisor.Actors.Repositories;
using Supervisor.Messages;

namespace Supervisor.Actors.Outside;

/// <summary>Makes and finds the agents' worktrees. One that exists is never changed: no checkout, whatever its HEAD says.</summary>
internal sealed class GitWorktrees(GitCommand git, GitLimits limits, GitRemote remote, GitRescue rescue)
{
    public static string Root(GitRepository repository) =>
        Path.Combine(repository.Settings.StateDirectory, "worktrees", RefNames.Checked(repository.Settings.Id.Value));

    public Task<WorktreeLock> LockAsync(GitRepository repository, CancellationToken cancel) =>
        WorktreeLock.TakeAsync(Path.Combine(repository.CommonDirectory, "supervisor-worktree.lock"), limits.Long, cancel);

    public async Task<GitWorktree> EnsureAsync(GitRepository repository, AgentId agent, DateTimeOffset now, CancellationToken cancel)
    {
        var path = Path.Combine(Root(repository), RefNames.Checked(agent.Value));
        if (Exists(path))
        {
            return await OpenAsync(repository, agent, path, cancel).ConfigureAwait(false);
        }

        // Before the lock: a slow remote must not keep other agents waiting.
        var (start, note) = await StartAsync(repository, agent, cancel).ConfigureAwait(false);
        using var alone = await LockAsync(repository, cancel).ConfigureAwait(false);
        if (!Exists(path))
        {
            await ForgetVanishedAsync(repository, agent, path, now, cancel).ConfigureAwait(false);
            Directory.CreateDirectory(Root(repository));
            note += await AddAsync(repository, agent, path, start, cancel).ConfigureAwait(false);
        }

        return await OpenAsync(repository, agent, path, cancel).ConfigureAwait(false) with { Note = note };
    }

    public async Task<IReadOnlyList<GitWorktree>> FindAsync(GitRepository repository, CancellationToken cancel)
    {
        var found = new List<GitWorktree>();
        string[] folders = Directory.Exists(Root(repository)) ? Directory.GetDirectories(Root(repository)) : [];
        foreach (var path in folders.Order(StringComparer.Ordinal))
        {
            if (await GitDirectoryAsync(repository, path, cancel).ConfigureAwait(false) is { } gitDirectory)
            {
                found.Add(new GitWorktree(new AgentId(Path.GetFileName(path)), path, gitDirectory));
            }
        }

        return found;
    }

    /// <summary>Takes a worktree away with all it holds: only for the supervisor's own scratch.</summary>
    public async Task RemoveScratchAsync(GitRepository repository, string path, CancellationToken cancel)
    {
        using var alone = await LockAsync(repository, cancel).ConfigureAwait(false);
        var removed = await git.LongAsync(repository.Path, cancel, "worktree", "remove", "--force", "--force", path).ConfigureAwait(false);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
            removed = await git.LongAsync(repository.Path, cancel, "worktree", "remove", "--force", "--force", path).ConfigureAwait(false);
        }

        // "is not a working tree": it was never registered, so there is nothing left to take away.
        if (!removed.Error.Contains("is not a working tree", StringComparison.Ordinal))
        {
            removed.OrThrow($"cannot remove the scratch worktree {path}");
        }
    }

    private static bool Exists(string path) => File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any());

    private async Task<GitWorktree> OpenAsync(GitRepository repository, AgentId agent, string path, CancellationToken cancel)
    {
        var gitDirectory = Directory.Exists(path) ? await GitDirectoryAsync(repository, path, cancel).ConfigureAwait(false) : null;
        return gitDirectory is not null
            ? new GitWorktree(agent, path, gitDirectory)
            : throw new GitException($"{path} exists and is not a worktree of {repository.Path}; it was left as it is. Move it away, or repair it with git worktree repair");
    }

    /// <summary>Null: not a worktree of this repository. Git looks upwards, so the top must be the folder itself.</summary>
    private async Task<string?> GitDirectoryAsync(GitRepository repository, string path, CancellationToken cancel)
    {
        var read = await git.ReadAsync(path, cancel, "rev-parse", "--path-format=absolute", "--show-cdup", "--git-common-dir", "--git-dir").ConfigureAwait(false);
        // An empty line (this is the top), then /srv/app/.git, then /srv/app/.git/worktrees/A1
        return read.Ok && read.Output.Split('\n') is ["", var common, var own, ..] && common == repository.CommonDirectory ? own : null;
    }

    /// <summary>Where a new branch starts: the agent's branch on the remote (it may have worked elsewhere), the trunk there, else HEAD.</summary>
    private async Task<(string Start, string Note)> StartAsync(GitRepository repository, AgentId agent, CancellationToken cancel)
    {
        var branch = RefNames.Branch(agent);
        var trunk = repository.Settings.Branch;
        var note = "";
        var listed = await remote.ListAsync(repository, cancel, $"refs/heads/{branch}", $"refs/heads/{trunk}").ConfigureAwait(false);
        if (listed.Ok)
        {
            var there = GitRemote.Parse(listed.Output);
            foreach (var name in new[] { branch, trunk })
            {
                await remote.MirrorAsync(repository, name, there.GetValueOrDefault($"refs/heads/{name}"), cancel).ConfigureAwait(false);
            }
        }
        else
        {
            note = $"the remote could not be read, so the branch starts from what is known here ({PushRefusal.OneLine(listed.Error)}). ";
        }

        var known = await remote.KnownAsync(repository, branch, cancel).ConfigureAwait(false) ?? await remote.KnownAsync(repository, trunk, cancel).ConfigureAwait(false);
        return (known ?? "HEAD", note);
    }

    private async Task<string> AddAsync(GitRepository repository, AgentId agent, string path, string start, CancellationToken cancel)
    {
        var branch = RefNames.Branch(agent);
        var exists = await git.ReadAsync(repository.Path, cancel, "show-ref", "--verify", "--quiet", $"refs/heads/{branch}").ConfigureAwait(false);
        // --no-track: writing the upstream into the shared config is what makes parallel adds fail.
        var added = exists.Ok
            ? await git.LongAsync(repository.Path, cancel, "worktree", "add", "--quiet", path, branch).ConfigureAwait(false)
            : await git.LongAsync(repository.Path, cancel, "worktree", "add", "--quiet", "--no-track", "-b", branch, path, start).ConfigureAwait(false);
        // fatal: 'agents/A1' is already checked out at '/srv/app'   (later git: is already used by worktree at)
        if (exists.Ok && !added.Ok && added.Error.Contains("already ", StringComparison.Ordinal) && !Exists(path))
        {
            (await git.LongAsync(repository.Path, cancel, "worktree", "add", "--quiet", "--detach", path, branch).ConfigureAwait(false)).OrThrow($"cannot make the worktree of {agent}");
            return $"another worktree holds {branch}, so HEAD is detached. ";
        }

        added.OrThrow($"cannot make the worktree of {agent}");
        return "";
    }

    /// <summary>Git still lists a worktree whose folder is gone: forgets that one alone, after saving the commits only its HEAD held.</summary>
    private async Task ForgetVanishedAsync(GitRepository repository, AgentId agent, string path, DateTimeOffset now, CancellationToken cancel)
    {
        // worktree /state/worktrees/app/A1 NUL HEAD 6dd9597... NUL detached NUL prunable gitdir file points to non-existent location NUL NUL
        var listed = (await git.ReadAsync(repository.Path, cancel, "worktree", "list", "--porcelain", "-z").ConfigureAwait(false)).OrThrow("cannot list worktrees");
        var entry = listed.Output.Split("\0\0").Select(text => text.Split('\0')).FirstOrDefault(fields => fields[0] == $"worktree {path}");
        if (entry is null)
        {
            return;
        }

        if (entry.FirstOrDefault(field => field.StartsWith("HEAD ", StringComparison.Ordinal)) is { } head && entry.Contains("detached"))
        {
            await rescue.KeepAsync(repository, agent, head[5..], now, cancel).ConfigureAwait(false);
        }

        (await git.WriteAsync(repository.Path, cancel, "worktree", "remove", "--force", path).ConfigureAwait(false)).OrThrow($"cannot forget the vanished worktree {path}");
    }
}
