using Supervisor.Actors.Outside;
using Supervisor.Actors.Repositories;
using Supervisor.Messages.Repositories;
using static Supervisor.Actors.Tests.Outside.GitSandbox;

namespace Supervisor.Actors.Tests.Outside;

public sealed class GitPushTests : IDisposable
{
    private readonly GitSandbox _box = new();

    public void Dispose() => _box.Dispose();

    private Task<PushReport> PushAsync(GitRepository repository, GitWorktree worktree) => _box.Git.PushAsync(repository, worktree, T0, CancellationToken.None);

    private static void Refused(PushReport report, RefusalClass expected, bool permanent)
    {
        Assert.NotNull(report.Refusal);
        Assert.Equal((expected, permanent), (report.Refusal.Class, report.Refusal.Permanent));
        Assert.Empty(report.Pushed);
        Assert.True(report.Unpushed > 0);
    }

    [Fact]
    public async Task Commits_reach_the_agents_branch_and_nothing_is_tracked()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "a", "1");
        var head = Commit(worktree.Path, "b", "1");

        var report = await PushAsync(repository, worktree);

        Assert.Equal([new PushedRef(head, "refs/heads/agents/A1", 2)], report.Pushed);
        Assert.Equal((null, 0), (report.Refusal, report.Unpushed));
        Assert.Equal(head, _box.OnRemote("agents/A1"));
        Assert.NotEqual(0, Try(worktree.Path, "config", "branch.agents/A1.merge").Code);
    }

    [Fact]
    public async Task Nothing_new_is_nothing_to_push()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        var report = await PushAsync(repository, worktree);
        Assert.Empty(report.Pushed);
        Assert.Null(_box.OnRemote("agents/A1"));
    }

    [Fact]
    public async Task Detached_commits_are_pushed_when_they_go_on_from_what_is_there()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "a", "1");
        await PushAsync(repository, worktree);
        Run(worktree.Path, "checkout", "--quiet", "--detach");
        var head = Commit(worktree.Path, "b", "1");

        await PushAsync(repository, worktree);

        Assert.Equal(head, _box.OnRemote("agents/A1"));
        Assert.NotEqual(0, Try(worktree.Path, "symbolic-ref", "--quiet", "HEAD").Code);
    }

    [Fact]
    public async Task Rewritten_commits_are_refused_kept_at_a_rescue_ref_and_never_forced()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        var pushed = Commit(worktree.Path, "a", "1");
        await PushAsync(repository, worktree);
        Run(worktree.Path, "commit", "--quiet", "--amend", "-m", "other words");
        var head = Run(worktree.Path, "rev-parse", "HEAD");

        var report = await PushAsync(repository, worktree);

        Refused(report, RefusalClass.RemoteAhead, permanent: true);
        Assert.Equal(pushed, _box.OnRemote("agents/A1"));
        Assert.Equal(head, Run(_box.Clone, "rev-parse", report.Rescue!));
    }

    [Fact]
    public async Task A_branch_that_the_remote_lost_is_counted_as_unpushed_and_pushed_again()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        var head = Commit(worktree.Path, "a", "1");
        await PushAsync(repository, worktree);
        Run(_box.Clone, "fetch", "--quiet"); // the agents' own tracking ref now tells of the branch
        Run(_box.Remote, "update-ref", "-d", "refs/heads/agents/A1");

        await _box.Git.RefreshAsync(repository, CancellationToken.None);
        var seen = await _box.Git.InspectAsync(repository, worktree, CancellationToken.None);
        await PushAsync(repository, worktree);

        Assert.Equal(1, seen.Unpushed);
        Assert.Equal(head, _box.OnRemote("agents/A1"));
    }

    [Fact]
    public async Task Mode_off_only_counts()
    {
        _box.Mode = PushMode.Off;
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "a", "1");

        var report = await PushAsync(repository, worktree);

        Assert.Equal((1, 0), (report.Unpushed, report.Pushed.Count));
        Assert.Null(_box.OnRemote("agents/A1"));
    }

    [Theory]
    [InlineData(RefusalClass.RuleViolation, "error: GH013: Repository rule violations found for refs/heads/main.")]
    [InlineData(RefusalClass.ProtectedBranch, "error: GH006: Protected branch update failed for refs/heads/main.")]
    [InlineData(RefusalClass.LargeFile, "error: GH001: Large files detected.")]
    [InlineData(RefusalClass.WorkflowScope, "refusing to allow an OAuth App to create or update workflow .github/workflows/x.yml without workflow scope")]
    [InlineData(RefusalClass.SecretFound, "- GITHUB PUSH PROTECTION")]
    [InlineData(RefusalClass.HookDeclined, "no")]
    public async Task What_the_remotes_hook_says_decides_the_class(RefusalClass expected, string words)
    {
        Hook(_box.Remote, "pre-receive", $"echo '{words}' >&2; exit 1");
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "a", "1");

        Refused(await PushAsync(repository, worktree), expected, permanent: true);
        Assert.True(File.Exists(Path.Combine(worktree.Path, "a")));
    }

    [Fact]
    public async Task An_update_hook_that_declines_is_named()
    {
        Hook(_box.Remote, "update", "exit 1");
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "a", "1");
        Refused(await PushAsync(repository, worktree), RefusalClass.HookDeclined, permanent: true);
    }

    [Fact]
    public async Task A_local_pre_push_hook_is_respected()
    {
        Hook(Path.Combine(_box.Clone, ".git"), "pre-push", "echo 'no tests, no push' >&2; exit 1");
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "a", "1");

        var report = await PushAsync(repository, worktree);

        Refused(report, RefusalClass.LocalHook, permanent: true);
        Assert.Contains("no tests, no push", report.Refusal!.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://127.0.0.1:9/none.git")]
    public async Task A_remote_out_of_reach_is_the_networks(string url)
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "a", "1");
        Run(_box.Clone, "remote", "set-url", "origin", url.Length > 0 ? url : Path.Combine(_box.Root, "gone.git"));

        Refused(await PushAsync(repository, worktree), RefusalClass.Network, permanent: false);
    }

    [Fact]
    public async Task A_push_that_the_remote_took_back_is_not_verified()
    {
        Hook(_box.Remote, "post-receive", "git update-ref -d refs/heads/agents/A1");
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "a", "1");
        Refused(await PushAsync(repository, worktree), RefusalClass.NotVerified, permanent: false);
    }

    [Fact]
    public async Task A_push_that_hangs_is_ended_with_its_hook()
    {
        var mark = Path.Combine(_box.Root, "hook.pid");
        Hook(Path.Combine(_box.Clone, ".git"), "pre-push", $"echo $$ > '{mark}'; sleep 600 & wait");
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "a", "1");
        var hurried = new Git(GitLimits.Default with { Network = TimeSpan.FromSeconds(3) });

        var report = await hurried.PushAsync(repository, worktree, T0, CancellationToken.None);

        Refused(report, RefusalClass.Network, permanent: false);
        Assert.Contains("took longer than 3 s", report.Refusal!.Text);
        var hook = File.ReadAllText(mark).Trim();
        Assert.True(!File.Exists($"/proc/{hook}/stat") || File.ReadAllText($"/proc/{hook}/stat").Split(' ')[2] is "Z" or "X");
    }
}
