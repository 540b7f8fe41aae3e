using System.Text;
using Supervisor.Host.Cli;

namespace Supervisor.Host.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("agnets", "agents")]
    [InlineData("statsu", "status")]
    [InlineData("--jsn", "--json")]
    public async Task An_unknown_word_is_a_usage_error_with_a_suggestion(string word, string suggestion)
    {
        var called = await Called.OfAsync(word);
        Assert.Equal(ExitCodes.Usage, called.ExitCode);
        Assert.Equal("", called.Out);
        Assert.Contains($"Did you mean '{suggestion}'?", called.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("start")]
    [InlineData("start", "A1", "--all")]
    [InlineData("stop", "A1", "--timeout", "soon")]
    [InlineData("run", "--log", "xml")]
    [InlineData("status", "--url", "ftp://x")]
    [InlineData("status", "--token-file", "/nowhere/token")]
    public async Task A_mistake_is_a_usage_error(params string[] arguments)
    {
        var called = await Called.OfAsync(arguments);
        Assert.Equal(ExitCodes.Usage, called.ExitCode);
        Assert.NotEqual("", called.Error);
    }

    [Theory]
    [InlineData(0, "run", "--config", "x.yaml")]
    [InlineData(2, "config", "check", "f.yaml")]
    [InlineData(0, "config", "schema")]
    [InlineData(130, "config", "diff")]
    [InlineData(0, "demo", "--seconds", "5", "--keep")]
    [InlineData(0, "--help")]
    [InlineData(0, "--version")]
    [InlineData(3, "status", "--url", "http://127.0.0.1:1")]
    public async Task The_exit_status_tells_what_happened(int exitCode, params string[] arguments) =>
        Assert.Equal(exitCode, (await Called.OfAsync(arguments)).ExitCode);

    [Fact]
    public async Task The_exit_statuses_stand_in_the_help() =>
        Assert.Contains("130 interrupted", (await Called.OfAsync("--help")).Out, StringComparison.Ordinal);

    [Fact]
    public async Task A_doctor_who_finds_a_failure_says_the_remedy()
    {
        var called = await Called.OfAsync("doctor");
        Assert.Equal(ExitCodes.Failed, called.ExitCode);
        Assert.Contains("install git", called.Out, StringComparison.Ordinal);
        Assert.StartsWith("""[{"name":"git","verdict":"failed",""", (await Called.OfAsync("doctor", "--json")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "restart) words=\"--all --wait --timeout --json --help $(supervisor agents --json")]
    [InlineData("zsh", "config) candidates=(check diff schema")]
    [InlineData("fish", "__fish_seen_subcommand_from logs' -l follow")]
    public async Task A_completion_script_knows_every_command(string shell, string part)
    {
        var script = (await Called.OfAsync("completion", shell)).Out;
        Assert.Contains(part, script, StringComparison.Ordinal);
        Assert.All(new[] { "run", "demo", "config", "reload", "status", "agents", "agent", "start", "stop", "restart", "logs", "send", "why", "events", "cluster", "doctor" },
            command => Assert.Contains($"{command}", script, StringComparison.Ordinal));
    }

    [Fact]
    public void A_piped_table_is_plain_and_aligned() =>
        Assert.Equal(["ID   STATE", "A1   running", "A10  backoff"], Tables.Align(["ID", "STATE"], [["A1", "running"], ["A10", "backoff"]]));

    [Theory]
    [InlineData("\u001b[31mred\u001b[0m\n", "red\n")]
    [InlineData("a\u001b]0;title\u0007b", "ab")]
    [InlineData("tab\tü\r\n\u0007", "tab\tü\n")]
    public void Plain_output_cannot_command_the_terminal(string written, string shown)
    {
        using var to = new MemoryStream();
        using var plain = new PlainTextStream(to);
        foreach (var b in Encoding.UTF8.GetBytes(written))
        {
            plain.Write([b]);
        }

        Assert.Equal(shown, Encoding.UTF8.GetString(to.ToArray()));
    }
}
