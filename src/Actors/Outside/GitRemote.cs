using Supervisor.Actors.Repositories;
using Supervisor.Messages.Repositories;

namespace Supervisor.Actors.Outside;

/// <summary>
/// What the remote has, kept under refs/supervisor/remote/. The agents' own remote-tracking refs are their lease for a forced push
/// and never move because of a fetch made here.
/// </summary>
internal sealed class GitRemote(GitCommand git)
{
    /// <summary>Refs of the remote by full name, for these patterns.</summary>
    public Task<GitResult> ListAsync(GitRepository repository, CancellationToken cancel, params string[] refs) =>
        git.NetworkAsync(repository.Path, cancel, ["ls-remote", repository.Settings.Remote, .. refs]);

    public static Dictionary<string, string> Parse(string output) =>
        // 6dd959729ae699234f184a1e7743daab76bdab8e	refs/heads/main
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .Where(fields => fields.Length == 2).ToDictionary(fields => fields[1], fields => fields[0]);

    /// <summary>Fetches one branch into the mirror.</summary>
    public Task<GitResult> FetchAsync(GitRepository repository, string branch, CancellationToken cancel) =>
        // An empty refmap, or git would move refs/remotes/<remote>/<branch> as well.
        git.NetworkAsync(repository.Path, cancel, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--no-recurse-submodules",
            repository.Settings.Remote, $"+refs/heads/{branch}:{RefNames.RemoteMirror}{branch}");

    /// <summary>Makes the mirror of one branch agree with what the remote said; null: the remote has no such branch.</summary>
    public async Task MirrorAsync(GitRepository repository, string branch, string? commit, CancellationToken cancel)
    {
        var mirror = RefNames.RemoteMirror + branch;
        var known = await git.ReadAsync(repository.Path, cancel, "rev-parse", "--verify", "--quiet", mirror).ConfigureAwait(false);
        if (known.Line == (commit ?? ""))
        {
            return;
        }

        if (commit is null)
        {
            (await git.WriteAsync(repository.Path, cancel, "update-ref", "-d", mirror, known.Line).ConfigureAwait(false)).OrThrow($"cannot forget {mirror}");
        }
        else if (await HasAsync(repository, commit, cancel).ConfigureAwait(false))
        {
            (await git.WriteAsync(repository.Path, cancel, "update-ref", mirror, commit).ConfigureAwait(false)).OrThrow($"cannot note {mirror}");
        }
        else
        {
            (await FetchAsync(repository, branch, cancel).ConfigureAwait(false)).OrThrow($"cannot fetch {branch}");
        }
    }

    /// <summary>One exchange for all agents: which of their branches the remote has, and where.</summary>
    public async Task RefreshAsync(GitRepository repository, CancellationToken cancel)
    {
        var listed = (await ListAsync(repository, cancel, "refs/heads/agents/*").ConfigureAwait(false)).OrThrow($"repository {repository.Settings.Id}: cannot reach its remote");
        var remote = Parse(listed.Output);
        var mirrors = await git.ReadAsync(repository.Path, cancel, "for-each-ref", "--format=%(objectname)%09%(refname)", RefNames.RemoteMirror + "agents/").ConfigureAwait(false);
        foreach (var (mirror, commit) in Parse(mirrors.OrThrow("cannot list the mirror").Output))
        {
            var branch = mirror[RefNames.RemoteMirror.Length..];
            var there = remote.GetValueOrDefault($"refs/heads/{branch}");
            if (there != commit)
            {
                await MirrorAsync(repository, branch, there, cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>One push and its verification; null: the remote holds the commit.</summary>
    public async Task<Refusal?> PushAsync(GitRepository repository, string commit, string branch, CancellationToken cancel)
    {
        var result = await git.NetworkAsync(repository.Path, cancel, "push", "--porcelain", "--no-follow-tags", "--recurse-submodules=check",
            repository.Settings.Remote, $"{commit}:refs/heads/{branch}").ConfigureAwait(false);
        if (!result.Ok)
        {
            return PushRefusal.Classify(result.Output, result.Error, result.ExitCode, result.TimedOut);
        }

        return await HoldsAsync(repository, branch, commit, cancel).ConfigureAwait(false)
            ? null
            : new Refusal(RefusalClass.NotVerified, false, $"git said that {branch} was pushed, and the remote does not hold {commit}");
    }

    /// <summary>
    /// Whether the remote's ref holds the commit, by reading the ref again. Somebody may have pushed on top at once: then the commit
    /// must be found below the new tip.
    /// </summary>
    public async Task<bool> HoldsAsync(GitRepository repository, string branch, string commit, CancellationToken cancel)
    {
        var name = $"refs/heads/{branch}";
        var listed = await ListAsync(repository, cancel, name).ConfigureAwait(false);
        if (!listed.Ok || !Parse(listed.Output).TryGetValue(name, out var tip))
        {
            return false;
        }

        if (tip != commit && !((await FetchAsync(repository, branch, cancel).ConfigureAwait(false)).Ok
            && await IsAncestorAsync(repository, commit, RefNames.RemoteMirror + branch, cancel).ConfigureAwait(false)))
        {
            return false;
        }

        if (tip == commit)
        {
            await MirrorAsync(repository, branch, tip, cancel).ConfigureAwait(false);
        }

        return true;
    }

    public async Task<bool> IsAncestorAsync(GitRepository repository, string below, string above, CancellationToken cancel)
    {
        var result = await git.ReadAsync(repository.Path, cancel, "merge-base", "--is-ancestor", below, above).ConfigureAwait(false);
        return result.ExitCode is 0 or 1 && !result.TimedOut ? result.ExitCode == 0 : result.OrThrow($"cannot compare {below} with {above}").Ok;
    }

    public async Task<bool> HasAsync(GitRepository repository, string commit, CancellationToken cancel) =>
        (await git.ReadAsync(repository.Path, cancel, "cat-file", "-e", commit + "^{commit}").ConfigureAwait(false)).Ok;

    /// <summary>The mirror's commit of one branch, else the agents' remote-tracking one.</summary>
    public async Task<string?> KnownAsync(GitRepository repository, string branch, CancellationToken cancel)
    {
        foreach (var name in new[] { RefNames.RemoteMirror + branch, $"refs/remotes/{repository.Settings.Remote}/{branch}" })
        {
            var result = await git.ReadAsync(repository.Path, cancel, "rev-parse", "--verify", "--quiet", name + "^{commit}").ConfigureAwait(false);
            if (result.Ok)
            {
                return result.Line;
            }
        }

        return null;
    }
}
