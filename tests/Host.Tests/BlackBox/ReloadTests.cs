using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>What a changed configuration changes, and what it leaves alone.</summary>
public sealed class ReloadTests(ReloadTests.Twenty shared) : IClassFixture<ReloadTests.Twenty>, IAsyncLifetime
{
    private readonly TestFleet _fleet = shared.Fleet;

    public sealed class Twenty : SharedFleet
    {
        internal override FleetSettings Settings => new() { Agents = Agents(_ => "sleep-forever") };
    }

    private static FakeAgentYaml[] Agents(Func<int, string> script) => [.. Enumerable.Range(0, 20).Select(i => new FakeAgentYaml($"D-{i}", script(i)))];

    /// <summary>Every case begins with the same twenty, running.</summary>
    public async Task InitializeAsync()
    {
        _fleet.WriteConfig();
        _fleet.WriteAgents("first", Agents(_ => "sleep-forever"));
        await _fleet.Api.PostAsync("/api/v1/config/reload");
        await UntilAllRunAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact, Case("D12"), Case("W18")]
    public async Task A_reload_touches_only_what_changed()
    {
        var before = await PidsAsync();
        var agents = Agents(i => i == 7 ? "out changed sleep-forever" : "sleep-forever");
        _fleet.WriteAgents("first", [.. agents.Where(a => a.Id != "D-19"), new FakeAgentYaml("D-20", "sleep-forever")]);

        var reloaded = await _fleet.CliAsync("reload");

        Assert.True(reloaded.Exit == 0, reloaded.ToString());
        await _fleet.UntilStateAsync("D-20", "running");
        await Eventually.TrueAsync(() => !Proc.Lives(before["D-19"]!.Value), "the removed agent is stopped");
        var after = await PidsAsync();
        Assert.DoesNotContain("D-19", after.Keys);
        Assert.All(before.Where(p => p.Key is not ("D-7" or "D-19")), p => Assert.Equal(p.Value, after[p.Key]));
        // A busy agent is not disturbed: its change comes with its next run.
        await _fleet.RestartAsync("D-7");
        await Eventually.TrueAsync(
            async () => System.Text.Encoding.UTF8.GetString(await _fleet.Api.LogAsync("D-7", (await _fleet.AgentAsync("D-7")).Run)) == "changed\n",
            () => "the next run has the change");
    }

    [Theory, Case("D13"), Case("12")]
    [InlineData("agents: [ {", "syntax")]
    [InlineData("agnets: []", "agnets")]
    [InlineData("agents: [{ id: X, kind: command, command: [true], restart: { factor: many } }]", "factor")]
    [InlineData("agents: [{ id: X, kind: command, command: [true], liveness: { stallAfter: -1s } }]", "stallAfter")]
    [InlineData("agents: [{ id: D-1, kind: command, command: [true] }]", "D-1")]
    [InlineData("agents: [{ id: X, kind: command, command: [true], after: [nobody] }]", "nobody")]
    public async Task A_bad_file_changes_nothing_and_is_answered_with_its_place(string yaml, string word)
    {
        var before = await PidsAsync();
        var file = Path.Combine(_fleet.Directory, "agents", "bad.yaml");
        await File.WriteAllTextAsync(file, yaml + "\n");
        try
        {
            var reload = await _fleet.CliAsync("reload");
            var check = await _fleet.CliAsync("config", "check", _fleet.ConfigFile);

            Assert.Equal(2, reload.Exit);
            Assert.Equal(2, check.Exit);
            // Of two that contradict each other, either may be named.
            Assert.Matches(@"(bad|first)\.yaml:\d+:\d+: ", reload.Stderr + reload.Stdout);
            Assert.Matches(@"(bad|first)\.yaml:\d+:\d+: ", check.Stderr + check.Stdout);
            Assert.True(word == "syntax" || check.ToString().Contains(word, StringComparison.Ordinal), check.ToString());
            Assert.Equal(before, await PidsAsync());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact, Case("D13"), Case("12")]
    public async Task A_refused_reload_is_an_event()
    {
        var seen = _fleet.Events.All.Count(e => e.Type == "config.refused");
        await File.WriteAllTextAsync(Path.Combine(_fleet.Directory, "agents", "bad.yaml"), "agents: 7\n");

        _fleet.Daemon.Signal(Proc.SigHup);

        await _fleet.Events.WaitAsync(() => _fleet.Events.All.Count(e => e.Type == "config.refused") > seen, () => $"config.refused\n{_fleet.Story()}");
        File.Delete(Path.Combine(_fleet.Directory, "agents", "bad.yaml"));
        Assert.Equal(20, (await PidsAsync()).Count);
    }

    [Fact, Case("D14")]
    public async Task Comments_order_and_layout_are_no_change()
    {
        var before = await PidsAsync();
        var runs = _fleet.Events.All.Count(e => e.Type == "agent.run-decided");
        var text = string.Concat(Agents(_ => "sleep-forever").Reverse().Select(a => $"  # about {a.Id}\n\n" + a.ToYaml(_fleet.Prompt).Replace("    restart: { policy: on-failure }", "    restart:\n        policy:   on-failure # as before", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(Path.Combine(_fleet.Directory, "agents", "first.yaml"), "---\nagents:\n" + text);

        var diff = await _fleet.CliAsync("config", "diff", _fleet.ConfigFile);
        var reloaded = await _fleet.CliAsync("reload");

        Assert.Equal((0, 0), (diff.Exit, reloaded.Exit));
        Assert.Equal(before, await PidsAsync());
        Assert.Equal(runs, _fleet.Events.All.Count(e => e.Type == "agent.run-decided"));
    }

    [Fact, Case("D15")]
    public async Task A_circle_of_dependencies_is_refused_by_its_names()
    {
        var file = Path.Combine(_fleet.Directory, "circle.yaml");
        await File.WriteAllTextAsync(file, """
            agents:
              - { id: egg, kind: command, command: ["true"], after: [hen] }
              - { id: hen, kind: command, command: ["true"], after: [chick] }
              - { id: chick, kind: command, command: ["true"], after: [egg] }
            """);

        var check = await _fleet.CliAsync("config", "check", file);

        Assert.Equal(2, check.Exit);
        Assert.All(new[] { "egg", "hen", "chick" }, name => Assert.Contains(name, check.ToString(), StringComparison.Ordinal));
        Assert.Matches(@"circle\.yaml:\d+:\d+: ", check.ToString());
    }

    [Fact, Case("12")]
    public async Task A_busy_agents_new_model_is_taken_at_its_next_run()
    {
        var script = $"nth {_fleet.FileOf("model.n")} {{ dump-argv {_fleet.FileOf("model.1")} claude-init sleep-forever }} {{ dump-argv {_fleet.FileOf("model.2")} claude-init sleep-forever }}";
        FakeAgentYaml WithModel(string model) => new("P12", script) { Kind = "claude-code", More = $"model: {model}" };
        await _fleet.AddAsync(WithModel("first-model"));
        var before = await _fleet.UntilStateAsync("P12", "running");
        Assert.Contains("first-model", await _fleet.FileAsync("model.1"), StringComparison.Ordinal);

        await _fleet.AddAsync(WithModel("second-model"));
        var busy = await _fleet.AgentAsync("P12");
        Assert.Equal((before.Pid, before.Run), (busy.Pid, busy.Run));
        await _fleet.RestartAsync("P12");

        Assert.Contains("second-model", await _fleet.FileAsync("model.2"), StringComparison.Ordinal);
        File.Delete(Path.Combine(_fleet.Directory, "agents", "P12.yaml"));
    }

    private async Task UntilAllRunAsync()
    {
        for (var i = 0; i < 20; i++)
        {
            await _fleet.UntilStateAsync($"D-{i}", "running", TimeSpan.FromSeconds(60));
        }
    }

    private async Task<Dictionary<string, int?>> PidsAsync() =>
        (await _fleet.Api.GetAsync<AgentView[]>("/api/v1/agents")).Where(a => a.Id.StartsWith("D-", StringComparison.Ordinal)).ToDictionary(a => a.Id, a => a.Pid);
}
