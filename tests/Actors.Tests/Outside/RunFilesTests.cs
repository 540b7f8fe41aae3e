using Supervisor.Actors.Outside;
using Supervisor.Messages;

namespace Supervisor.Actors.Tests.Outside;

public sealed class RunFilesTests : IDisposable
{
    private static readonly AgentId A1 = new("A1");
    private readonly string _state = Directory.CreateTempSubdirectory("runs-").FullName;
    private readonly RunFiles _files;

    public RunFilesTests() => _files = new RunFiles(_state);

    public void Dispose() => Directory.Delete(_state, recursive: true);

    private bool Create(long run, string agent = "A1") => _files.Create(new RunIntent(agent, run, 1, "n1", "command", "h", null, DateTimeOffset.UnixEpoch));

    private void Write(string name, string text, long run = 1) => File.WriteAllText(Path.Combine(_files.RunDirectory(A1, run), name), text);

    [Fact]
    public void An_intent_is_written_once_and_for_its_owner_alone()
    {
        Assert.True(Create(1));
        Assert.False(Create(1));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_files.RunDirectory(A1, 1)));
        Assert.Contains("\"agentId\":\"A1\"", File.ReadAllText(Path.Combine(_files.RunDirectory(A1, 1), "intent.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Output_is_read_from_where_one_left_off()
    {
        Create(1);
        Write("stdout", "hello");
        var buffer = new byte[10];
        Assert.Equal(3, _files.ReadOutput(A1, 1, 2, buffer));
        Assert.Equal("llo"u8.ToArray(), buffer[..3]);
        Assert.Equal(0, _files.ReadOutput(A1, 1, 5, buffer));
    }

    [Fact]
    public void The_newest_runs_by_number_are_kept()
    {
        foreach (var run in new[] { 1L, 2, 9, 10, 11 }) Create(run);
        _files.Prune(A1, 3);
        Assert.Equal(["10", "11", "9"], Directory.EnumerateDirectories(Path.Combine(_files.AgentDirectory(A1), "runs")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_run_without_an_end_is_unfinished()
    {
        Assert.Empty(_files.Unfinished());
        Create(1);
        Write("exit.json", "{}");
        Assert.Empty(_files.Unfinished());
        Create(2);
        Create(1, "B1");
        Assert.Equal(["A1", "B1"], _files.Unfinished().Select(a => a.Value).Order());
    }

    [Fact]
    public void A_size_is_that_of_the_newest_match_and_unknown_without_one()
    {
        Create(1);
        Write("session-1-abc", "old");
        Write("session-2-abc", "newest");
        File.SetLastWriteTimeUtc(Path.Combine(_files.RunDirectory(A1, 1), "session-1-abc"), DateTime.UnixEpoch);
        Assert.Equal(6, _files.Size(Path.Combine(_state, "agents", "*", "runs", "*", "session-*-abc")));
        Assert.Null(_files.Size(Path.Combine(_state, "*", "nothing")));
        Assert.Null(_files.Size(Path.Combine(_state, "nothing")));
    }
}
