using System.Text.Json;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>Alive, dead, or merely silent.</summary>
public sealed class LivenessTests(LivenessTests.QuickSweeps shared) : IClassFixture<LivenessTests.QuickSweeps>
{
    private const string StallsSoon = "liveness: { stallAfter: 3s, startWithin: 1s }";
    private readonly TestFleet _fleet = shared.Fleet;

    public sealed class QuickSweeps : SharedFleet
    {
        internal override FleetSettings Settings => new() { Sweep = "500ms", More = $"repositories:\n{Remote?.ToYaml("{ mode: off }")}" };

        internal GitRemote? Remote { get; private set; }

        private readonly string _directory = Directory.CreateTempSubdirectory("sv-git-").FullName;

        public override async Task InitializeAsync()
        {
            Remote = await GitRemote.CreateAsync(_directory, "app");
            await base.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Theory, Case("3"), Case("W4")]
    [InlineData("burning", "spawn-wait { burn 7s }")]
    [InlineData("waiting", "sleep 2s spawn-wait { sleep 4s }")]
    public async Task An_agent_that_is_silent_while_a_tool_runs_is_not_stalled(string what, string tool)
    {
        var id = $"P3-{what}";
        await _fleet.AddAsync(new FakeAgentYaml(id, $"claude-init {tool} claude-result built exit 0") { Kind = "claude-code", More = StallsSoon });

        var agent = await _fleet.UntilStateAsync(id, "completed", TimeSpan.FromSeconds(30));

        Assert.Equal((1L, 0), (agent.Run, agent.LastExit!.Code));
        Assert.Empty(_fleet.Events.Of(id, "agent.stalled"));
        Assert.Empty(_fleet.Events.Of(id, "agent.stop-decided"));
    }

    [Fact, Case("3"), Case("W5"), Case("W7"), Case("W9")]
    public async Task An_agent_that_hangs_is_nudged_then_its_work_saved_and_its_session_resumed()
    {
        var (first, second, nudge) = (_fleet.FileOf("p3.argv1"), _fleet.FileOf("p3.argv2"), _fleet.FileOf("p3.nudge"));
        await _fleet.AddAsync(new FakeAgentYaml(
            "P3",
            $"nth {_fleet.FileOf("p3.n")} {{ dump-argv {first} claude-init claude-read dirty open.txt 'half done' claude-read-to {nudge} sleep-forever }} {{ dump-argv {second} claude-init forever {{ claude-say working sleep 200ms }} }}")
        {
            Kind = "claude-code",
            Workspace = "worktree",
            Stop = "{ grace: 1s, kill: 5s }",
            More = StallsSoon + "\nrepository: app",
        });

        var agent = await _fleet.UntilAsync("P3", a => a is { State: "running", Run: 2 }, "runs again", TimeSpan.FromSeconds(40));

        var session = After(await _fleet.FileAsync("p3.argv1"), "--session-id");
        Assert.Equal(session, After(await _fleet.FileAsync("p3.argv2"), "--resume"));
        Assert.Equal(session, agent.Session);
        using (var message = JsonDocument.Parse(await _fleet.FileAsync("p3.nudge")))
        {
            Assert.Equal("user", message.RootElement.GetProperty("type").GetString());
        }

        Assert.Equal(["nudge", "resume"], _fleet.Events.Of("P3", "agent.stalled").Select(e => e["step"].GetString()!.ToLowerInvariant()));
        var saved = await _fleet.Events.FirstAsync("P3", "work.saved");
        Assert.Equal("half done\n", await GitRemote.ShowAsync(shared.Remote!.Clone, $"{saved["ref"].GetString()}:open.txt"));
        Assert.True(saved.Seq < (await _fleet.Events.FirstAsync("P3", "agent.exited")).Seq, "the work is saved before the process ends");
        Assert.Equal("watchdog", (await _fleet.Events.FirstAsync("P3", "agent.stop-decided"))["by"].GetString());
    }

    [Fact, Case("W7")]
    public async Task A_crashed_session_is_resumed_and_not_begun_again()
    {
        await _fleet.AddAsync(new FakeAgentYaml("W7", $"nth {_fleet.FileOf("w7.n")} {{ dump-argv {_fleet.FileOf("w7.1")} claude-init exit 1 }} {{ dump-argv {_fleet.FileOf("w7.2")} claude-init forever {{ claude-say on sleep 200ms }} }}")
        {
            Kind = "claude-code",
            Restart = "{ initial: 100ms }",
        });

        var session = After(await _fleet.FileAsync("w7.1"), "--session-id");

        Assert.Equal(session, After(await _fleet.FileAsync("w7.2"), "--resume"));
    }

    [Fact, Case("2")]
    public async Task When_most_agents_seem_hung_at_once_nothing_is_killed_and_one_alert_is_raised()
    {
        var agents = Enumerable.Range(0, 6).Select(i => new FakeAgentYaml($"P2-{i}", "claude-init forever { claude-say on sleep 50ms }") { Kind = "claude-code", More = "liveness: { stallAfter: 3s, onStall: [resume] }" }).ToArray();
        await using var fleet = await TestFleet.StartAsync(new() { Sweep = "500ms", Agents = agents });
        var before = new List<AgentView>();
        foreach (var agent in agents)
        {
            before.Add(await fleet.UntilAsync(agent.Id, a => a.LastOutputAt - a.StartedAt > TimeSpan.FromSeconds(2), "has worked for some sweeps"));
        }

        // All in one moment, so that all seem hung in the same sweep.
        before.ForEach(agent => Proc.Signal(agent.Pid!.Value, Proc.SigStop));

        await fleet.Events.WaitAsync(() => Alarms(fleet) > 0, () => $"an alarm\n{fleet.Story()}");
        // Several sweeps more: the condition lasts, and still there is one alarm and no kill.
        await Eventually.PastAsync(DateTimeOffset.UtcNow.AddSeconds(3));

        Assert.Equal(1, Alarms(fleet));
        foreach (var agent in before)
        {
            var now = await fleet.AgentAsync(agent.Id);
            Assert.Equal((agent.Pid, agent.Run), (now.Pid, now.Run));
            Assert.Empty(fleet.Events.Of(agent.Id, "agent.stop-decided"));
        }
    }

    [Fact, Case("16"), Case("W17")]
    public async Task Why_tells_the_decisions_with_their_evidence_and_a_daemon_that_keeps_time_is_ready()
    {
        await _fleet.AddAsync(new FakeAgentYaml("P16", "exit 3") { Restart = "{ initial: 10m, max: 10m }" });
        await _fleet.UntilStateAsync("P16", "backoff");

        var why = await _fleet.CliAsync("why", "P16");

        Assert.Equal(0, why.Exit);
        Assert.All(new[] { "code 3", "next start" }, text => Assert.Contains(text, why.Stdout, StringComparison.Ordinal));
        foreach (var probe in new[] { "/alive", "/ready", "/startup" })
        {
            Assert.Equal((System.Net.HttpStatusCode.OK, "OK"), ((await _fleet.Api.GetAsync(probe)).Status, (await _fleet.Api.GetAsync(probe)).Body.Trim()));
        }
    }

    private static string After(string argv, string flag)
    {
        var words = argv.Split('\0');
        var at = Array.IndexOf(words, flag);
        Assert.True(at >= 0, $"no {flag} in {string.Join(' ', words)}");
        return words[at + 1];
    }

    private static int Alarms(TestFleet fleet) => fleet.Events.All.Count(e => e.Type == "fleet.mass-death-suspected");
}
