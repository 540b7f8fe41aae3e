using Supervisor.Actors.Repositories;

namespace Supervisor.Actors.Outside;

/// <summary>Finds the configured clone, or makes one under the state directory.</summary>
internal sealed class GitClone(GitCommand git, GitLimits limits)
{
    public async Task<GitRepository> EnsureAsync(RepositorySettings settings, CancellationToken cancel)
    {
        var path = settings.Path.Length > 0 ? settings.Path : await CloneAsync(settings, cancel).ConfigureAwait(false);
        if (!Directory.Exists(path))
        {
            throw new GitException($"repository {settings.Id}: {path} does not exist");
        }

        var common = await git.ReadAsync(path, cancel, "rev-parse", "--path-format=absolute", "--git-common-dir").ConfigureAwait(false);
        return new GitRepository(settings, path, common.OrThrow($"repository {settings.Id}: {path} is not a git repository").Line);
    }

    private async Task<string> CloneAsync(RepositorySettings settings, CancellationToken cancel)
    {
        var parent = Path.Combine(settings.StateDirectory, "repositories");
        var path = Path.Combine(parent, RefNames.Checked(settings.Id.Value));
        Directory.CreateDirectory(parent);
        using var alone = await WorktreeLock.TakeAsync(path + ".lock", limits.Long, cancel).ConfigureAwait(false);
        if (Directory.Exists(path))
        {
            // The clone is ours, and the operator's file is law: a remote that moved is followed.
            var url = await git.ReadAsync(path, cancel, "config", "--get", $"remote.{settings.Remote}.url").ConfigureAwait(false);
            if (url.Line != settings.Url)
            {
                var verb = url.Ok ? "set-url" : "add";
                (await git.WriteAsync(path, cancel, "remote", verb, settings.Remote, settings.Url).ConfigureAwait(false))
                    .OrThrow($"repository {settings.Id}: cannot set the remote's address");
            }

            return path;
        }

        // Cloned aside and renamed, so that a daemon that dies here leaves nothing that looks like a clone.
        var half = path + ".partial";
        if (Directory.Exists(half))
        {
            Directory.Delete(half, recursive: true);
        }

        (await git.LongAsync(parent, cancel, "clone", "--quiet", "--origin", settings.Remote, "--", settings.Url, half).ConfigureAwait(false))
            .OrThrow($"repository {settings.Id}: cannot clone {PushRefusal.OneLine(settings.Url)}");
        Directory.Move(half, path);
        return path;
    }
}
