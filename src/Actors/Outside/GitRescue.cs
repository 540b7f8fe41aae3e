using Supervisor.Actors.Repositories;
using Supervisor.Messages;

namespace Supervisor.Actors.Outside;

/// <summary>Rescue refs: made once, never moved, never removed.</summary>
internal sealed class GitRescue(GitCommand git)
{
    /// <summary>A rescue ref on the commit; an older one on the same commit is as good.</summary>
    public async Task<string> RefAsync(GitRepository repository, AgentId agent, string commit, DateTimeOffset now, CancellationToken cancel)
    {
        var standing = await git.ReadAsync(repository.Path, cancel, "for-each-ref", "--points-at", commit, "--format=%(refname)", RefNames.RescueFolder(agent)).ConfigureAwait(false);
        if (standing.OrThrow("cannot list rescue refs").Line is { Length: > 0 } names)
        {
            return names.Split('\n')[0];
        }

        for (var n = 1; ; n++)
        {
            // Two in one millisecond: the second gets a number. The zero id means: only if it does not exist.
            var name = RefNames.Rescue(agent, now) + (n == 1 ? "" : $"-{n}");
            var made = await git.WriteAsync(repository.Path, cancel, "update-ref", "-m", "supervisor: rescue", name, commit, new string('0', commit.Length)).ConfigureAwait(false);
            if (made.Ok || n == 20)
            {
                made.OrThrow($"cannot write the rescue ref {name}");
                return name;
            }
        }
    }

    /// <summary>A rescue ref for commits that no ref holds; null when one already does.</summary>
    public async Task<string?> KeepAsync(GitRepository repository, AgentId agent, string commit, DateTimeOffset now, CancellationToken cancel)
    {
        // Not --all: that counts HEAD itself as a holder.
        var lost = await git.ReadAsync(repository.Path, cancel, "rev-list", "--count", commit, "--not", "--branches", "--tags", "--remotes", "--glob=refs/supervisor/*").ConfigureAwait(false);
        return lost.OrThrow($"cannot count the commits that only {commit} holds").Line == "0" ? null : await RefAsync(repository, agent, commit, now, cancel).ConfigureAwait(false);
    }
}
