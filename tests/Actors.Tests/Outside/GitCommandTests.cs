using Supervisor.Actors.Outside;
using static Supervisor.Actors.Tests.Outside.GitSandbox;

namespace Supervisor.Actors.Tests.Outside;

public sealed class GitCommandTests : IDisposable
{
    private readonly GitSandbox _box = new();
    private readonly GitCommand _git = new(GitLimits.Default);

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task More_output_than_is_kept_is_read_to_its_end_and_said_to_be_cut()
    {
        Commit(_box.Clone, "big", new string('x', 3 << 20));

        var result = await _git.ReadAsync(_box.Clone, CancellationToken.None, "cat-file", "blob", "HEAD:big");

        Assert.Equal((0, true, GitCommand.Kept), (result.ExitCode, result.Truncated, result.Output.Length));
    }

    [Fact]
    public async Task A_read_writes_no_index()
    {
        var index = Path.Combine(_box.Clone, ".git", "index");
        File.SetLastWriteTimeUtc(Path.Combine(_box.Clone, "readme"), DateTime.UtcNow.AddHours(-1)); // a plain status would refresh the index for this
        var before = File.ReadAllBytes(index);

        (await _git.ReadAsync(_box.Clone, CancellationToken.None, "status", "--porcelain")).OrThrow("status");

        Assert.Equal(before, File.ReadAllBytes(index));
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_ended_and_says_so()
    {
        Run(_box.Clone, "config", "alias.hang", "!sleep 600");
        var hurried = new GitCommand(GitLimits.Default with { Read = TimeSpan.FromSeconds(1) });

        var result = await hurried.ReadAsync(_box.Clone, CancellationToken.None, "hang");

        Assert.True(result.TimedOut);
        Assert.StartsWith("git hang took longer than 1 s and was killed with its children", result.Error);
        Assert.Throws<GitException>(() => result.OrThrow("hanging"));
    }

    [Fact]
    public async Task Nothing_is_asked_of_a_terminal_or_of_standard_input()
    {
        Run(_box.Clone, "config", "alias.ask", "!cat; test ! -t 0 && (exec </dev/tty) 2>/dev/null && echo tty");

        var result = await _git.ReadAsync(_box.Clone, CancellationToken.None, "ask");

        Assert.Equal("", result.Line);
        Assert.False(result.TimedOut);
    }

    [Fact]
    public async Task A_folder_that_is_gone_is_told_in_words() => Assert.Contains(
        "could not be started",
        (await Assert.ThrowsAsync<GitException>(() => _git.ReadAsync(Path.Combine(_box.Root, "gone"), CancellationToken.None, "status"))).Message);

    [Fact]
    public async Task Arguments_are_never_read_by_a_shell()
    {
        var result = await _git.ReadAsync(_box.Clone, CancellationToken.None, "rev-parse", "--verify", "$(touch evil); é");
        Assert.False(result.Ok);
        Assert.False(File.Exists(Path.Combine(_box.Clone, "evil")));
    }
}
