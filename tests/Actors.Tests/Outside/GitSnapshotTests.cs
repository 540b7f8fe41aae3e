using Supervisor.Actors.Outside;
using Supervisor.Actors.Repositories;
using static Supervisor.Actors.Tests.Outside.GitSandbox;

namespace Supervisor.Actors.Tests.Outside;

public sealed class GitSnapshotTests : IDisposable
{
    private readonly GitSandbox _box = new();

    public void Dispose() => _box.Dispose();

    private async Task<Snapshot> SaveAsync(GitRepository repository, GitWorktree worktree) =>
        await _box.Git.SnapshotAsync(repository, worktree, "stalled", T0, CancellationToken.None);

    private string Show(Snapshot snapshot, string file) => Run(_box.Clone, "show", $"{Assert.IsType<Snapshot.Saved>(snapshot).Ref}:{file}");

    private static void Write(GitWorktree worktree, string file, string text) => File.WriteAllText(Path.Combine(worktree.Path, file), text);

    [Fact]
    public async Task A_snapshot_holds_changed_new_and_deleted_files_and_touches_nothing()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "gone", "1");
        var head = Commit(worktree.Path, ".gitignore", "ignored\n");
        Write(worktree, "readme", "changed");
        Write(worktree, "ein Übungsstück", "new");
        Write(worktree, "staged", "staged");
        Write(worktree, "ignored", "x");
        Run(worktree.Path, "add", "staged");
        File.Delete(Path.Combine(worktree.Path, "gone"));
        var index = File.ReadAllBytes(Path.Combine(worktree.GitDirectory, "index"));
        var status = Run(worktree.Path, "--no-optional-locks", "status", "--porcelain");

        var saved = Assert.IsType<Snapshot.Saved>(await SaveAsync(repository, worktree));

        Assert.Equal("refs/supervisor/rescue/A1/20261123T120300.000Z", saved.Ref);
        Assert.Equal([".gitignore", "ein Übungsstück", "readme", "staged"],
            Run(_box.Clone, "-c", "core.quotePath=false", "ls-tree", "--name-only", saved.Ref).Split('\n'));
        Assert.Equal("changed", Show(saved, "readme"));
        Assert.Equal(head, Run(_box.Clone, "rev-parse", saved.Ref + "^"));
        Assert.Equal("supervisor@users.noreply.github.com", Run(_box.Clone, "log", "-1", "--format=%ae", saved.Ref));
        Assert.Equal(index, File.ReadAllBytes(Path.Combine(worktree.GitDirectory, "index")));
        Assert.Equal(status, Run(worktree.Path, "--no-optional-locks", "status", "--porcelain"));
        Assert.Equal(head, Run(worktree.Path, "rev-parse", "HEAD"));
        Assert.Equal("", Run(worktree.Path, "stash", "list"));
        Assert.Empty(Directory.GetFiles(worktree.GitDirectory, "supervisor-index-*"));
    }

    [Fact]
    public async Task A_clean_worktree_has_nothing_to_save()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Assert.IsType<Snapshot.Nothing>(await SaveAsync(repository, worktree));
    }

    [Fact]
    public async Task Detached_commits_that_no_ref_holds_are_saved_though_nothing_is_dirty()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Run(worktree.Path, "checkout", "--quiet", "--detach");
        var work = Commit(worktree.Path, "work", "1");

        var saved = Assert.IsType<Snapshot.Saved>(await SaveAsync(repository, worktree));

        Assert.Equal(work, saved.Commit);
        Assert.Equal(work, Run(_box.Clone, "rev-parse", saved.Ref));
    }

    [Fact]
    public async Task The_same_state_is_saved_once()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Write(worktree, "work", "1");

        var first = await _box.Git.SnapshotAsync(repository, worktree, "stalled", T0, CancellationToken.None);
        var second = await _box.Git.SnapshotAsync(repository, worktree, "stalled", T0.AddHours(1), CancellationToken.None);

        Assert.Equal(Assert.IsType<Snapshot.Saved>(first).Ref, Assert.IsType<Snapshot.Saved>(second).Ref);
    }

    [Fact]
    public async Task Two_states_in_one_millisecond_get_two_refs()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Write(worktree, "work", "1");
        var first = await SaveAsync(repository, worktree);
        Write(worktree, "work", "2");
        var second = await SaveAsync(repository, worktree);

        Assert.Equal("1", Show(first, "work"));
        Assert.Equal("2", Show(second, "work"));
    }

    [Fact]
    public async Task A_stale_index_lock_is_no_obstacle_and_stays()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Write(worktree, "work", "1");
        var stale = Path.Combine(worktree.GitDirectory, "index.lock");
        File.WriteAllText(stale, "");

        Assert.Equal("1", Show(await SaveAsync(repository, worktree), "work"));
        Assert.True(File.Exists(stale));
    }

    [Fact]
    public async Task The_middle_of_a_rebase_conflict_is_saved_and_goes_on()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, "readme", "mine\n");
        Run(worktree.Path, "branch", "other", "HEAD~1");
        Commit(_box.Clone, "readme", "theirs\n");
        Assert.NotEqual(0, Try(worktree.Path, "rebase", "main").Code);
        var index = File.ReadAllBytes(Path.Combine(worktree.GitDirectory, "index"));

        var saved = await SaveAsync(repository, worktree);

        Assert.Contains("<<<<<<< ", Show(saved, "readme"));
        Assert.Equal(index, File.ReadAllBytes(Path.Combine(worktree.GitDirectory, "index")));
        Assert.True(Directory.Exists(Path.Combine(worktree.GitDirectory, "rebase-merge")));
    }

    [Fact]
    public async Task A_branch_without_a_commit_is_saved_without_a_parent()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Run(worktree.Path, "checkout", "--quiet", "--orphan", "fresh");

        var saved = Assert.IsType<Snapshot.Saved>(await SaveAsync(repository, worktree));

        Assert.Equal("hello", Show(saved, "readme"));
        Assert.Equal("", Run(_box.Clone, "log", "-1", "--format=%P", saved.Ref));
    }

    [Fact]
    public async Task A_repository_inside_the_worktree_is_named_and_not_linked()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        var inner = Path.Combine(worktree.Path, "inner");
        Run(worktree.Path, "init", "--quiet", inner);
        Identify(inner);
        Commit(inner, "f", "1");
        Run(worktree.Path, "init", "--quiet", "empty");
        Write(worktree, "work", "1");

        var saved = Assert.IsType<Snapshot.Saved>(await SaveAsync(repository, worktree));

        Assert.Equal(["readme", "work"], Run(_box.Clone, "ls-tree", "-r", "--name-only", saved.Ref).Split('\n'));
        Assert.Equal(["empty is a repository of its own and was left out", "inner is a repository of its own and was left out"], saved.Notes);
        Assert.Contains("inner is a repository", Run(_box.Clone, "log", "-1", "--format=%B", saved.Ref));
    }

    [Fact]
    public async Task A_file_that_vanishes_while_files_are_read_costs_nothing_else()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        // The filter of the first file takes the last one away, after git has listed both.
        Run(worktree.Path, "config", "filter.thief.clean", "rm -f zz; cat");
        Commit(worktree.Path, ".gitattributes", "aa filter=thief\n");
        Write(worktree, "aa", "1");
        Write(worktree, "mm", "1");
        Write(worktree, "zz", "1");

        var saved = Assert.IsType<Snapshot.Saved>(await SaveAsync(repository, worktree));

        Assert.Equal([".gitattributes", "aa", "mm", "readme"], Run(_box.Clone, "ls-tree", "--name-only", saved.Ref).Split('\n'));
        Assert.Empty(saved.Notes);
    }

    [Fact]
    public async Task A_filter_that_cannot_run_does_not_cost_the_work()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Commit(worktree.Path, ".gitattributes", "*.bin filter=lfs\n");
        Run(worktree.Path, "config", "filter.lfs.clean", "no-such-program-here");
        Run(worktree.Path, "config", "filter.lfs.required", "true");
        Write(worktree, "big.bin", "1");
        Write(worktree, "work", "1");

        var saved = await SaveAsync(repository, worktree);

        Assert.Equal("1", Show(saved, "big.bin"));
        Assert.Equal("1", Show(saved, "work"));
    }

    [SkippableFact]
    public async Task An_unreadable_file_is_skipped_and_named()
    {
        Skip.If(Environment.IsPrivilegedProcess, "root reads everything");
        var (repository, worktree) = await _box.PrepareAsync();
        Write(worktree, "secret", "1");
        Write(worktree, "work", "1");
        Permit(Path.Combine(worktree.Path, "secret"), UnixFileMode.None);

        var saved = Assert.IsType<Snapshot.Saved>(await SaveAsync(repository, worktree));

        Assert.Equal("1", Show(saved, "work"));
        Assert.Equal(["secret could not be read and was left out"], saved.Notes);
    }

    [SkippableFact]
    public async Task An_unreadable_folder_is_named_although_git_only_warns()
    {
        Skip.If(Environment.IsPrivilegedProcess, "root reads everything");
        var (repository, worktree) = await _box.PrepareAsync();
        Write(worktree, "work", "1");
        var closed = Path.Combine(worktree.Path, "closed");
        Directory.CreateDirectory(closed);
        File.WriteAllText(Path.Combine(closed, "f"), "1");
        Permit(closed, UnixFileMode.None);

        var saved = await SaveAsync(repository, worktree);
        Permit(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.Equal(["closed/ could not be read and was left out"], Assert.IsType<Snapshot.Saved>(saved).Notes);
    }

    [Fact]
    public void Files_that_git_could_not_take_are_read_from_its_own_words() => Assert.Equal(
        ["secret could not be read and was left out", "x/ could not be read and was left out"],
        GitSnapshot.Skipped("""
            warning: could not open directory 'x/': Permission denied
            error: open("secret"): Permission denied
            error: unable to index file 'secret'
            """).Order());

    [Fact]
    public async Task A_snapshot_and_its_ref_survive_what_the_agent_does_next()
    {
        var (repository, worktree) = await _box.PrepareAsync();
        Write(worktree, "work", "1");
        var saved = await SaveAsync(repository, worktree);
        Run(worktree.Path, "clean", "-fdq");
        Run(worktree.Path, "reset", "--quiet", "--hard");

        Assert.Equal("1", Show(saved, "work"));
        Assert.Single(Run(_box.Clone, "for-each-ref", RefNames.RescueFolder(A1)).Split('\n'));
    }
}
