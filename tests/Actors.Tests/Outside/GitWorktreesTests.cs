using Supervisor.Actors.Outside;
using Supervisor.Actors.Repositories;
using Supervisor.Messages;
using static Supervisor.Actors.Tests.Outside.GitSandbox;

namespace Supervisor.Actors.Tests.Outside;

public sealed class GitWorktreesTests : IDisposable
{
    private readonly GitSandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task A_new_worktree_is_on_the_agents_branch_at_the_trunk_and_tracks_nothing()
    {
        var tip = Commit(_box.Colleague(), "news", "1");
        Run(Path.Combine(_box.Root, "colleague"), "push", "--quiet", "origin", "main");

        var (_, worktree) = await _box.PrepareAsync();

        Assert.Equal(Path.Combine(_box.State, "worktrees", "app", "A1"), worktree.Path);
        Assert.Equal("agents/A1", Run(worktree.Path, "symbolic-ref", "--short", "HEAD"));
        Assert.Equal(tip, Run(worktree.Path, "rev-parse", "HEAD"));
        Assert.Equal(1, Try(worktree.Path, "config", "branch.agents/A1.merge").Code);
    }

    [Fact]
    public async Task The_agents_remote_tracking_refs_do_not_move()
    {
        var before = Run(_box.Clone, "rev-parse", "refs/remotes/origin/main");
        Commit(_box.Colleague(), "news", "1");
        Run(Path.Combine(_box.Root, "colleague"), "push", "--quiet", "origin", "main");

        await _box.PrepareAsync();

        Assert.Equal(before, Run(_box.Clone, "rev-parse", "refs/remotes/origin/main"));
    }

    [Fact]
    public async Task Work_that_another_machine_pushed_for_the_agent_is_taken_up()
    {
        var elsewhere = _box.Colleague();
        var work = Commit(elsewhere, "work", "1");
        Run(elsewhere, "push", "--quiet", "origin", "HEAD:refs/heads/agents/A1");

        var (_, worktree) = await _box.PrepareAsync();

        Assert.Equal(work, Run(worktree.Path, "rev-parse", "HEAD"));
    }

    [Fact]
    public async Task An_existing_worktree_stays_detached_and_dirty_as_it_is()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Run(worktree.Path, "checkout", "--quiet", "--detach");
        var head = Commit(worktree.Path, "work", "1");
        File.WriteAllText(Path.Combine(worktree.Path, "work"), "2");

        var again = await _box.Git.EnsureWorktreeAsync(repository, A1, T0, CancellationToken.None);
        var status = await _box.Git.StatusAsync(again, CancellationToken.None);

        Assert.Equal(worktree.Path, again.Path);
        Assert.Null(status.Branch);
        Assert.Equal(head, status.Head);
        Assert.Equal(["work"], status.Changed);
    }

    [Fact]
    public async Task A_vanished_worktree_is_made_again_on_its_branch()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        var work = Commit(worktree.Path, "work", "1");
        Directory.Delete(worktree.Path, recursive: true);

        var again = await _box.Git.EnsureWorktreeAsync(repository, A1, T0, CancellationToken.None);

        Assert.Equal(work, Run(again.Path, "rev-parse", "HEAD"));
        Assert.Equal("agents/A1", Run(again.Path, "symbolic-ref", "--short", "HEAD"));
    }

    [Fact]
    public async Task Commits_that_only_a_vanished_worktree_held_are_rescued()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Run(worktree.Path, "checkout", "--quiet", "--detach");
        var work = Commit(worktree.Path, "work", "1");
        Directory.Delete(worktree.Path, recursive: true);

        await _box.Git.EnsureWorktreeAsync(repository, A1, T0, CancellationToken.None);

        Assert.Equal(work, Run(_box.Clone, "rev-parse", RefNames.Rescue(A1, T0)));
    }

    [Fact]
    public async Task Only_the_vanished_worktree_is_forgotten()
    {
        var (repository, first) = await _box.PrepareAsync();
        var (_, second) = await _box.PrepareAsync(new AgentId("A2"));
        Directory.Delete(first.Path, recursive: true);
        Directory.Delete(second.Path, recursive: true);

        await _box.Git.EnsureWorktreeAsync(repository, A1, T0, CancellationToken.None);

        Assert.Contains(second.Path, Run(_box.Clone, "worktree", "list", "--porcelain"));
    }

    [Fact]
    public async Task A_folder_that_is_something_else_is_left_untouched()
    {
        var path = Path.Combine(_box.State, "worktrees", "app", "A1");
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "precious"), "1");

        var error = await Assert.ThrowsAsync<GitException>(() => _box.PrepareAsync());

        Assert.Contains("is not a worktree of", error.Message);
        Assert.Equal(["precious"], Directory.GetFileSystemEntries(path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_folder_inside_another_repository_is_not_taken_for_a_worktree()
    {
        Run(_box.Root, "init", "--quiet", _box.State);
        var path = Path.Combine(_box.State, "worktrees", "app", "A1");
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "precious"), "1");

        await Assert.ThrowsAsync<GitException>(() => _box.PrepareAsync());
    }

    [Fact]
    public async Task A_branch_held_by_another_worktree_gives_a_detached_one()
    {
        Run(_box.Clone, "checkout", "--quiet", "-b", "agents/A1");

        var (_, worktree) = await _box.PrepareAsync();

        Assert.Contains("detached", worktree.Note);
        Assert.NotEqual(0, Try(worktree.Path, "symbolic-ref", "--quiet", "HEAD").Code);
        Assert.Equal("agents/A1", Run(_box.Clone, "symbolic-ref", "--short", "HEAD"));
    }

    [Fact]
    public async Task Eight_worktrees_at_once_all_succeed()
    {
        var agents = Enumerable.Range(1, 8).Select(n => new AgentId($"A{n}")).ToArray();

        // Eight instances: the lock must hold between processes, not only inside one.
        await Task.WhenAll(agents.Select(async agent =>
        {
            var git = new Git(GitLimits.Default);
            var repository = await git.EnsureCloneAsync(_box.Settings, CancellationToken.None);
            await git.EnsureWorktreeAsync(repository, agent, T0, CancellationToken.None);
        }));

        var found = await _box.Git.FindWorktreesAsync(await _box.OpenAsync(), CancellationToken.None);
        Assert.Equal(agents, found.Select(worktree => worktree.Agent));
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData("a...b")]
    [InlineData("x.lock")]
    [InlineData("end.")]
    [InlineData("end..")]
    [InlineData("a..lock")]
    public async Task Ids_that_are_no_ref_names_still_get_a_branch_of_their_own(string id)
    {
        var (_, worktree) = await _box.PrepareAsync(new AgentId(id));

        Assert.StartsWith("refs/heads/agents/", Run(worktree.Path, "symbolic-ref", "HEAD"));
        Assert.Equal(id, Path.GetFileName(worktree.Path));
    }

    [Theory]
    [InlineData("../A1")]
    [InlineData("A1\n")]
    [InlineData("")]
    [InlineData("-rf")]
    public async Task What_is_no_id_never_becomes_a_folder(string id) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _box.PrepareAsync(new AgentId(id)));

    [Fact]
    public async Task A_repository_given_by_url_is_cloned_once_under_the_state_directory()
    {
        var settings = _box.Settings with { Path = "", Url = _box.Remote };

        var both = await Task.WhenAll(_box.Git.EnsureCloneAsync(settings, CancellationToken.None), _box.Git.EnsureCloneAsync(settings, CancellationToken.None));

        Assert.Equal(both[0], both[1]);
        Assert.Equal(Path.Combine(_box.State, "repositories", "app"), both[0].Path);
        Assert.Equal(_box.OnRemote("main"), Run(both[0].Path, "rev-parse", "HEAD"));
    }

    [Fact]
    public async Task A_path_that_is_no_repository_is_said_to_be_none()
    {
        var settings = _box.Settings with { Path = _box.Root };
        var error = await Assert.ThrowsAsync<GitException>(() => _box.Git.EnsureCloneAsync(settings, CancellationToken.None));
        Assert.Contains("not a git repository", error.Message);
    }
}
