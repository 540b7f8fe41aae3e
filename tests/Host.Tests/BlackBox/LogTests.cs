using System.Text;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>What agents print is kept whole, once, and past their restart.</summary>
public sealed class LogTests(SharedFleet shared) : IClassFixture<SharedFleet>
{
    private readonly TestFleet _fleet = shared.Fleet;

    [Fact, Case("L1")]
    public async Task The_log_that_explains_a_crash_outlives_the_restart()
    {
        await _fleet.AddAsync(new FakeAgentYaml("L1", $"nth {_fleet.FileOf("l1")} {{ out 'last words' err 'the reason' exit 1 }} {{ out 'second life' sleep-forever }}") { Restart = "{ initial: 50ms }" });
        await _fleet.UntilAsync("L1", a => a is { State: "running", Run: 2 }, "runs again");

        Assert.Equal("last words\n", (await _fleet.CliAsync("logs", "L1", "--run", "1", "--raw")).Stdout);
        Assert.Equal("the reason\n", (await _fleet.CliAsync("logs", "L1", "--run", "1", "--stderr", "--raw")).Stdout);
        await Eventually.TrueAsync(async () => (await _fleet.CliAsync("logs", "L1", "--raw")).Stdout == "second life\n", () => "the log of the second run");
    }

    [Fact, Case("W15")]
    public async Task Every_line_is_in_the_log_exactly_once()
    {
        await _fleet.AddAsync(new FakeAgentYaml("W15", "out-lines 20000 line- exit 0"));
        await _fleet.UntilStateAsync("W15", "completed");

        var lines = Encoding.UTF8.GetString(await _fleet.Api.LogAsync("W15", 1)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(Enumerable.Range(1, 20000).Select(i => $"line-{i}"), lines);
    }

    [Fact, Case("W15")]
    public async Task Raw_output_is_byte_for_byte_what_was_written_to_the_last_byte_without_a_newline()
    {
        await _fleet.AddAsync(new FakeAgentYaml("raw", "out-raw 00ff1b5b33316dc328e282 out-bare end exit 0"));
        await _fleet.UntilStateAsync("raw", "completed");

        var raw = await _fleet.CliAsync("logs", "raw", "--raw");

        Assert.Equal([0x00, 0xff, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xc3, 0x28, 0xe2, 0x82, (byte)'e', (byte)'n', (byte)'d'], raw.StdoutBytes);
    }

    [Fact, Case("W14")]
    public async Task Counts_are_numbers_and_the_json_of_every_command_is_one_document()
    {
        await _fleet.AddRunningAsync(new("W14", "sleep-forever"));

        foreach (var command in new[] { "agents", "status", "agent W14", "why W14", "events" })
        {
            var result = await _fleet.CliAsync([.. command.Split(' '), "--json"]);
            Assert.True(result.Exit is 0 or 6, $"{command}: {result}");
            foreach (var document in command == "events" ? result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [result.Stdout])
            {
                System.Text.Json.JsonDocument.Parse(document).Dispose();
            }
        }

        var agent = Json.Read<AgentView[]>((await _fleet.CliAsync("agents", "--json")).Stdout).Single(a => a.Id == "W14");
        Assert.Equal((0, 0, "0.00"), (agent.Unpushed, agent.Restarts, agent.SpentTodayUsd));
    }
}
