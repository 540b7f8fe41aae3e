using System.Text.Json;
using Supervisor.Host.Cli;
using Supervisor.Host.Configuration;
using Supervisor.Host.Tests.Endpoints;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Tests.Cli;

public sealed class ClientCommandTests : IAsyncLifetime
{
    private Edge _edge = null!;

    public async Task InitializeAsync() => _edge = await Edge.StartAsync();

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task Status_is_6_when_something_is_degraded()
    {
        Assert.Equal(ExitCodes.Ok, (await CallAsync("status")).ExitCode);
        _edge.Fleet.Add("A2", AgentPhase.CrashLoop);
        var called = await CallAsync("status");
        Assert.Equal(ExitCodes.Degraded, called.ExitCode);
        Assert.Contains("degraded  A2 is crash-loop", called.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_one_document_and_nothing_else()
    {
        foreach (var command in new[] { "status", "agents", "agent A1", "why A1", "stop A1", "reload" })
        {
            var called = await CallAsync([.. command.Split(' '), "--json"]);
            using var document = JsonDocument.Parse(called.Out);
            Assert.Equal("", called.Error);
        }
    }

    [Fact]
    public async Task An_agent_comes_with_its_runs()
    {
        using var document = JsonDocument.Parse((await CallAsync("agent", "A1", "--json")).Out);
        Assert.Equal("A1", document.RootElement.GetProperty("id").GetString());
        Assert.Equal(3, document.RootElement.GetProperty("runs")[0].GetProperty("run").GetInt64());
    }

    [Fact]
    public async Task Agents_are_a_table()
    {
        var lines = (await CallAsync("agents")).Out.Split('\n');
        Assert.StartsWith("ID  STATE", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("A1  running", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "agent", "B7")]
    [InlineData(4, "logs", "B7")]
    [InlineData(4, "stop", "A1", "B7")]
    [InlineData(5, "send", "A1", "hello")]
    [InlineData(4, "cluster")]
    public async Task What_the_daemon_refuses_shows_in_the_exit_status(int exitCode, params string[] arguments)
    {
        var called = await CallAsync(arguments);
        Assert.Equal(exitCode, called.ExitCode);
        Assert.NotEqual("", called.Error);
    }

    [Fact]
    public async Task An_order_to_all_reaches_each()
    {
        _edge.Fleet.Add("A2");
        Assert.Equal(ExitCodes.Ok, (await CallAsync("restart", "--all", "--wait")).ExitCode);
        Assert.Equal(["A1", "A2"], _edge.Fleet.Commands.OfType<AgentProtocol.Restart>().Select(r => r.AgentId.Value).Order());
    }

    [Fact]
    public async Task A_wait_that_takes_too_long_is_7()
    {
        _edge.Fleet.Slow = true;
        var called = await CallAsync("stop", "A1", "--wait", "--timeout", "50ms");
        Assert.Equal(ExitCodes.TimedOut, called.ExitCode);
        Assert.Contains("A1 is still running", called.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_reload_shows_each_error_and_is_2()
    {
        _edge.Fleet.Reload = new ReloadOutcome.Refused(["f.yaml:3:5: unknown key", "f.yaml:4:1: too big"]);
        var called = await CallAsync("reload");
        Assert.Equal(ExitCodes.Usage, called.ExitCode);
        Assert.Contains("f.yaml:4:1: too big", called.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_is_plain_unless_raw()
    {
        _edge.Output("A1", 3, "stdout", "\u001b[1mone\u001b[0m\ntwo\n");
        Assert.Equal("one\ntwo\n", (await CallAsync("logs", "A1")).Out);
        Assert.Equal("\u001b[1mone\u001b[0m\ntwo\n", (await CallAsync("logs", "A1", "--raw", "--run", "3")).Out);
        Assert.Equal("two\n", (await CallAsync("logs", "A1", "--tail", "1")).Out);
    }

    [Fact]
    public async Task Followed_output_of_one_run_ends_with_it()
    {
        var run = _edge.Output("A1", 3, "stderr", "one\n");
        await File.WriteAllTextAsync(Path.Combine(run, "exit.json"), "{}");
        Assert.Equal("one\n", (await CallAsync("logs", "A1", "-f", "--run", "3", "--stderr")).Out);
    }

    [Fact]
    public async Task Events_are_all_pages_as_json_lines()
    {
        for (var i = 0; i < 1001; i++)
        {
            _edge.Fleet.Happen(new AgentProtocol.AgentRemoved(new AgentId("A1"), DateTimeOffset.UtcNow));
        }

        var lines = (await CallAsync("events", "--since", "1h", "--agent", "A1", "--json")).Out.TrimEnd('\n').Split('\n');
        Assert.Equal(Enumerable.Range(1, 1001), lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("seq").GetInt32()));
    }

    private Task<Called> CallAsync(params string[] arguments) => Called.OnAsync(_edge, arguments);
}
