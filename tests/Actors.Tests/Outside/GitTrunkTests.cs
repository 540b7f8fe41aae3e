using Supervisor.Actors.Outside;
using Supervisor.Actors.Repositories;
using Supervisor.Messages.Repositories;
using static Supervisor.Actors.Tests.Outside.GitSandbox;

namespace Supervisor.Actors.Tests.Outside;

public sealed class GitTrunkTests : IDisposable
{
    private readonly GitSandbox _box = new() { Mode = PushMode.Trunk };

    public void Dispose() => _box.Dispose();

    private Task<PushReport> PushAsync(GitRepository repository, GitWorktree worktree) => _box.Git.PushAsync(repository, worktree, T0, CancellationToken.None);

    private string ColleaguePushes(string file, string text)
    {
        var path = _box.Colleague($"colleague {Guid.NewGuid():N}");
        var commit = Commit(path, file, text);
        Run(path, "push", "--quiet", "origin", "HEAD:refs/heads/main");
        return commit;
    }

    private void NothingLeftOver(GitRepository repository, GitWorktree worktree, string head)
    {
        Assert.Equal(head, Run(worktree.Path, "rev-parse", "HEAD"));
        Assert.Equal("agents/A1", Run(worktree.Path, "symbolic-ref", "--short", "HEAD"));
        Assert.Equal("", Run(worktree.Path, "stash", "list"));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_box.State, "scratch", "app")));
        Assert.Equal(2, Run(repository.Path, "worktree", "list").Split('\n').Length);
    }

    [Fact]
    public async Task Commits_on_the_tip_are_pushed_as_they_are()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        var head = Commit(worktree.Path, "a", "1");

        var report = await PushAsync(repository, worktree);

        Assert.Equal([new PushedRef(head, "refs/heads/main", 1)], report.Pushed);
        Assert.Equal(head, _box.OnRemote("main"));
        Assert.Equal(0, report.Unpushed);
    }

    [Fact]
    public async Task When_the_trunk_moved_commits_are_rebased_aside_and_then_count_as_pushed()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        var head = Commit(worktree.Path, "a", "1");
        File.WriteAllText(Path.Combine(worktree.Path, "dirty"), "1");
        var theirs = ColleaguePushes("b", "1");
        var index = File.ReadAllBytes(Path.Combine(worktree.GitDirectory, "index"));

        var report = await PushAsync(repository, worktree);
        var again = await PushAsync(repository, worktree);

        Assert.Equal(_box.OnRemote("main"), Assert.Single(report.Pushed).Commit);
        Assert.Equal(theirs, _box.OnRemote("main^"));
        Assert.Equal("Agent", Run(_box.Remote, "log", "-1", "--format=%an", "main"));
        Assert.Equal((0, 0), (report.Unpushed, again.Unpushed));
        Assert.Empty(again.Pushed);
        Assert.Equal(index, File.ReadAllBytes(Path.Combine(worktree.GitDirectory, "index")));
        NothingLeftOver(repository, worktree, head);
    }

    [Fact]
    public async Task What_was_rebased_before_is_not_pushed_twice()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "a", "1");
        ColleaguePushes("b", "1");
        await PushAsync(repository, worktree);
        Commit(worktree.Path, "c", "1");

        var report = await PushAsync(repository, worktree);

        Assert.Equal(1, Assert.Single(report.Pushed).Commits);
        Assert.Equal(["write c", "write a", "write b", "write readme"], Run(_box.Remote, "log", "--format=%s", "main").Split('\n'));
    }

    [Fact]
    public async Task A_conflict_is_left_to_a_person_and_the_work_is_safe_on_the_agents_branch()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        var head = Commit(worktree.Path, "readme", "mine\n");
        var theirs = ColleaguePushes("readme", "theirs\n");

        var report = await PushAsync(repository, worktree);

        Assert.Equal((RefusalClass.RebaseConflict, true), (report.Refusal!.Class, report.Refusal.Permanent));
        Assert.Contains("readme", report.Refusal.Text);
        Assert.Equal([new PushedRef(head, "refs/heads/agents/A1", 1)], report.Pushed);
        Assert.Equal(head, _box.OnRemote("agents/A1"));
        Assert.Equal(theirs, _box.OnRemote("main"));
        Assert.Equal(0, report.Unpushed);
        NothingLeftOver(repository, worktree, head);
    }

    [Fact]
    public async Task A_range_with_a_merge_keeps_what_the_merge_resolved()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "readme", "mine\n");
        ColleaguePushes("readme", "theirs\n");
        Run(worktree.Path, "fetch", "--quiet");
        Try(worktree.Path, "merge", "origin/main");
        File.WriteAllText(Path.Combine(worktree.Path, "readme"), "both\n");
        Run(worktree.Path, "commit", "--quiet", "-am", "resolve");
        ColleaguePushes("b", "1");

        var report = await PushAsync(repository, worktree);

        Assert.Null(report.Refusal);
        Assert.Equal("both", Run(_box.Remote, "show", "main:readme"));
        Assert.Equal("1", Run(_box.Remote, "show", "main:b"));
    }

    [Fact]
    public async Task A_race_is_tried_again_and_won()
    {
        // The first push meets a trunk that moved between the fetch and the push.
        var race = _box.Colleague();
        Commit(race, "b", "1");
        var once = Path.Combine(_box.Root, "once");
        Hook(Path.Combine(_box.Clone, ".git"), "pre-push",
            $"[ -e '{once}' ] && exit 0; touch '{once}'; cd '{race}'; unset GIT_DIR GIT_WORK_TREE GIT_PREFIX; git push --quiet origin HEAD:refs/heads/main");
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "a", "1");

        var report = await PushAsync(repository, worktree);

        Assert.Null(report.Refusal);
        Assert.Equal(["write a", "write b", "write readme"], Run(_box.Remote, "log", "--format=%s", "main").Split('\n'));
    }

    [Fact]
    public async Task No_conflict_marker_reaches_the_trunk()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "ok", "======= is a heading\n<<<<<<<no blank\n");
        var head = Commit(worktree.Path, "bad file", "a\n<<<<<<< Updated upstream\nb\n=======\nc\n>>>>>>> Stashed\n");
        var trunk = _box.OnRemote("main");

        var report = await PushAsync(repository, worktree);

        Assert.Equal((RefusalClass.ConflictMarkers, true), (report.Refusal!.Class, report.Refusal.Permanent));
        Assert.Equal("bad file holds a conflict marker: <<<<<<< Updated upstream", report.Refusal.Text);
        Assert.Equal(trunk, _box.OnRemote("main"));
        Assert.Equal(head, _box.OnRemote("agents/A1"));
    }

    [Fact]
    public async Task Taking_a_marker_away_is_welcome()
    {
        ColleaguePushes("bad", "<<<<<<< mine\na\n>>>>>>> theirs\n");
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "bad", "a\n");
        Assert.Null((await PushAsync(repository, worktree)).Refusal);
    }

    [Fact]
    public async Task Work_that_a_protected_trunk_refuses_is_safe_on_the_agents_branch()
    {
        Hook(_box.Remote, "update", "[ \"$1\" = refs/heads/main ] && { echo 'error: GH006: Protected branch update failed for refs/heads/main.' >&2; exit 1; }; exit 0");
        var (repository, worktree) = await _box.PrepareAsync();
        var head = Commit(worktree.Path, "a", "1");

        var report = await PushAsync(repository, worktree);

        Assert.Equal(RefusalClass.ProtectedBranch, report.Refusal!.Class);
        Assert.Equal(head, _box.OnRemote("agents/A1"));
    }

    [Fact]
    public async Task A_trunk_that_is_gone_is_for_a_person()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "a", "1");
        Run(_box.Remote, "update-ref", "-d", "refs/heads/main");

        var report = await PushAsync(repository, worktree);

        Assert.Equal("the remote has no branch main", report.Refusal!.Text);
        Assert.Null(_box.OnRemote("main"));
    }

    [Fact]
    public async Task Scratch_of_a_dead_daemon_is_swept()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        var left = Path.Combine(_box.State, "scratch", "app", "left");
        Run(_box.Clone, "worktree", "add", "--quiet", "--detach", left);

        await _box.Git.SweepAsync(repository, CancellationToken.None);

        NothingLeftOver(repository, worktree, Run(worktree.Path, "rev-parse", "HEAD"));
    }
}
