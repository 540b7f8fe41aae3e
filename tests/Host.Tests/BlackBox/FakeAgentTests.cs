using System.Text;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>The instrument first: what the fake agent says of itself must be true.</summary>
public sealed class FakeAgentTests : IDisposable
{
    private static readonly Dictionary<string, string> Environment = new() { ["PATH"] = "/usr/bin:/bin" };
    private readonly string _directory = Directory.CreateTempSubdirectory("sv-fake-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Task<CommandResult> RunAsync(params string[] arguments) => Command.RunAsync(_directory, Environment, Programs.FakeAgent, arguments);

    private string FileOf(string name) => Path.Combine(_directory, name);

    [Fact]
    public async Task It_says_what_it_is_told_and_exits_as_it_is_told()
    {
        var result = await RunAsync("out", "hello", "err", "trouble", "out-raw", "00ff", "exit", "7");

        Assert.Equal((7, "trouble\n"), (result.Exit, result.Stderr));
        Assert.Equal("hello\n"u8.ToArray().Concat(new byte[] { 0, 0xff }), result.StdoutBytes);
    }

    [Fact]
    public async Task It_dies_by_the_signal_it_is_told() => Assert.Equal(128 + 11, (await RunAsync("die", "SIGSEGV")).Exit);

    [Fact]
    public async Task It_takes_a_script_among_the_flags_of_a_real_agent()
    {
        var result = await RunAsync("-p", "--session-id", "s-1", "--verbose", "--script", "out-session out 'two words'", "the prompt");

        Assert.Equal("s-1\ntwo words\n", result.Stdout);
    }

    [Fact]
    public async Task It_behaves_otherwise_at_each_start()
    {
        string[] script = ["nth", FileOf("starts"), "{", "out", "one", "}", "{", "out", "later", "}"];

        Assert.Equal("one\n", (await RunAsync(script)).Stdout);
        Assert.Equal("later\n", (await RunAsync(script)).Stdout);
        Assert.Equal("later\n", (await RunAsync(script)).Stdout);
    }

    [Fact]
    public async Task Its_witness_reports_a_second_copy()
    {
        var alone = FileOf("alone");
        var both = FileOf("both");

        await RunAsync("witness", alone);
        await RunAsync("witness", both, "spawn-wait", "{", "witness", both, "}");

        Assert.Equal(["begin", "end"], File.ReadLines(alone).Select(line => line.Split(' ')[0]));
        Assert.Equal(["begin", "OVERLAP", "end", "end"], File.ReadLines(both).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task It_dumps_its_environment_and_arguments_byte_for_byte()
    {
        await RunAsync("dump-env", FileOf("env"), "dump-argv", FileOf("argv"));

        Assert.Equal("PATH=/usr/bin:/bin\0", await File.ReadAllTextAsync(FileOf("env")));
        Assert.EndsWith($"dump-argv\0{FileOf("argv")}\0", await File.ReadAllTextAsync(FileOf("argv")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_of_its_own_leaves_session_and_parent()
    {
        // Its output must not be a pipe of ours: the daemon would hold it open, and this test would wait for ever.
        await Command.RunAsync(_directory, Environment, "/bin/sh", "-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", Programs.FakeAgent,
            "spawn-daemon", "{", "pid-to", FileOf("pid"), "sleep-forever", "}", "await-file", FileOf("pid"));
        var pid = int.Parse(await File.ReadAllTextAsync(FileOf("pid")), System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(Proc.Lives(pid));
        Proc.Signal(pid, Proc.SigKill);
    }

    [Fact]
    public async Task Each_of_its_agents_lines_is_json()
    {
        var result = await RunAsync("--script", "claude-init claude-say 'a \"word\"' claude-result done claude-rate-limit 3s claude-auth-error codex-start t codex-end codex-fail no opencode-start s opencode-end s gemini-start g gemini-end");

        var lines = result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(16, lines.Length);
        Assert.All(lines, line => System.Text.Json.JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public async Task A_mistake_in_a_script_is_its_own_exit_status()
    {
        var result = await RunAsync("no-such-verb");

        Assert.Equal((64, "fake-agent: no verb: no-such-verb\n"), (result.Exit, result.Stderr));
    }

    [Fact]
    public async Task It_commits_for_real()
    {
        Assert.Equal(0, (await Command.RunAsync(_directory, Environment, "git", "init", "--quiet")).Exit);

        var result = await RunAsync("commit", "2", "notes.txt");

        Assert.Equal("", result.Stderr);
        Assert.Equal("2\n", (await Command.RunAsync(_directory, Environment, "git", "rev-list", "--count", "HEAD")).Stdout);
        Assert.Equal(2, Encoding.UTF8.GetString(await File.ReadAllBytesAsync(FileOf("notes.txt"))).Count(c => c == '\n'));
    }
}
