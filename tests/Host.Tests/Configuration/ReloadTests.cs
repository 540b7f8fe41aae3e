using System.Text.Json.Nodes;
using Supervisor.Host.Configuration;
using static Supervisor.Host.Tests.Configuration.Loading;

namespace Supervisor.Host.Tests.Configuration;

public sealed class ReloadTests
{
    private static string Agents(params string[] ids) => "agents:\n" + string.Concat(ids.Select(i => $"  - {{ id: {i}, kind: command, command: [x] }}\n"));

    [Fact]
    public void A_file_dropped_beside_the_others_is_taken_up()
    {
        using var folder = new TempFolder();
        var store = new FleetStore(Good(folder.Write("f.yaml", "include: [agents/*.yaml]\n")));
        Assert.Empty(store.Current.Agents);
        folder.Write("agents/a12.yaml", Agents("A12"));
        folder.Write("agents/.a13.yaml.swp", "not yaml: [");
        folder.Write("agents/b.txt", "not yaml: [");
        var result = store.Reload();
        Assert.True(result.Applied);
        Assert.Equal([new AgentMove("A12", "new")], result.Diff!.Started);
        Assert.Equal("A12", Assert.Single(store.Current.Agents).Options.Id);
    }

    [Fact]
    public void A_bad_file_changes_nothing()
    {
        using var folder = new TempFolder();
        var store = new FleetStore(Good(folder.Write("f.yaml", Agents("a"))));
        var before = store.Current;
        folder.Write("f.yaml", Agents("a", "b", "b"));
        var result = store.Reload();
        Assert.False(result.Applied);
        Assert.Single(result.Errors);
        Assert.Same(before, store.Current);
    }

    [Fact]
    public void Included_files_are_read_in_the_order_of_their_names_and_blamed_for_their_mistakes()
    {
        using var folder = new TempFolder();
        var file = folder.Write("f.yaml", "include: ['*/x?.yaml', parts/x1.yaml]\n");
        folder.Write("parts/x2.yaml", Agents("c"));
        folder.Write("parts/x1.yaml", Agents("b"));
        folder.Write("more/x9.yaml", Agents("a"));
        Assert.Equal(["a", "b", "c"], Good(file).Agents.Select(a => a.Options.Id));
        folder.Write("parts/x2.yaml", "phase: 1\ninclude: []\n" + Agents("b"));
        Assert.Equal(
            ["parts/x2.yaml:1:1: unknown key 'phase'; an included file holds only agents, repositories, budgets",
             "parts/x2.yaml:2:1: unknown key 'include'; an included file holds only agents, repositories, budgets",
             "parts/x2.yaml:4:11: duplicate agent id 'b'; it is used first at parts/x1.yaml:2:11"],
            Errors(folder, file).Select(e => e.Replace("at " + folder.Root + "/", "at ", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_included_file_named_without_a_wildcard_must_exist() =>
        Assert.Equal(["f.yaml:1:11: the included file 'gone.yaml' does not exist; only a glob may match nothing"], Errors("include: [gone.yaml, 'gone/*.yaml']\n"));

    [Fact]
    public void A_prompt_is_relative_to_the_file_that_names_it()
    {
        using var folder = new TempFolder();
        folder.Write("agents/p.md", "work");
        folder.Write("agents/a.yaml", "agents: [{ id: a, kind: codex, prompt: p.md }]\n");
        Assert.Equal("work", Good(folder.Write("f.yaml", "include: [agents/*.yaml]\n")).Agents.Single().Prompt);
    }

    [Fact]
    public void Comments_order_and_format_change_nothing()
    {
        var one = Fleet("phase: 1\nagents:\n  - { id: a, kind: command, command: [x], restart: { initial: 1s }, env: { A: 1, B: 2 } }\n  - { id: b, kind: command, command: [x] }\nbudgets: [{ id: f, daily: 5.0 }]\n");
        var two = Fleet("# a comment\nbudgets:\n- daily: 5.00\n  id: 'f'\nagents:\n- {id: b, command: [\"x\"], kind: command}\n- id: a\n  kind: command\n  env: { B: \"2\", A: '1' }\n  command:\n    - x\n  restart:\n    initial: 1000ms\nphase: 1\n");
        Assert.Equal(one.Hash, two.Hash);
        Assert.True(FleetDiff.Between(one, two).IsEmpty);
    }

    [Theory]
    [InlineData("command: [y]", "command", true)]
    [InlineData("command: [x], model: m", "model", true)]
    [InlineData("command: [x], env: { A: b }", "env.A (added)", true)]
    [InlineData("command: [x], limits: { memory: 1GiB }", "limits.memory", true)]
    [InlineData("command: [x], limits: { runs: 5 }", "limits.runs", false)]
    [InlineData("command: [x], restart: { initial: 2s }", "restart.initial", false)]
    [InlineData("command: [x], name: N", "name", false)]
    public void A_change_says_which_key_and_whether_it_needs_a_new_run(string written, string key, bool newRun)
    {
        var others = Agents("b", "c");
        var diff = FleetDiff.Between(Fleet(others + "  - { id: a, kind: command, command: [x] }\n"), Fleet(others + $"  - {{ id: a, kind: command, {written} }}\n"));
        var change = Assert.Single(diff.Changed);
        Assert.Equal(("a", key, newRun), (change.Id, Assert.Single(change.Keys), change.NeedsNewRun));
        Assert.Equal(["b", "c"], diff.Unchanged);
        Assert.Empty(diff.Started);
        Assert.Empty(diff.Stopped);
    }

    [Fact]
    public void Removed_disabled_and_out_of_phase_agents_stop_and_their_opposites_start()
    {
        const string Kind = "kind: command, command: [x]";
        var diff = FleetDiff.Between(
            Fleet($"phase: 1\nagents: [{{ id: gone, {Kind} }}, {{ id: off, {Kind} }}, {{ id: p1, {Kind}, phases: [1] }}, {{ id: p2, {Kind}, phases: [2] }}, {{ id: on, {Kind}, enabled: false }}]\n"),
            Fleet($"phase: 2\nagents: [{{ id: off, {Kind}, enabled: false }}, {{ id: p1, {Kind}, phases: [1] }}, {{ id: p2, {Kind}, phases: [2] }}, {{ id: on, {Kind} }}]\n"));
        Assert.Equal([new("off", "disabled"), new("p1", "phase 2"), new AgentMove("gone", "removed")], diff.Stopped);
        Assert.Equal([new("p2", "phase 2"), new AgentMove("on", "enabled")], diff.Started);
        Assert.Equal([new SectionChange("phase", false)], diff.Sections);
    }

    [Fact]
    public void A_changed_section_says_whether_the_daemon_must_be_started_again()
    {
        var diff = FleetDiff.Between(Fleet("budgets: [{ id: f, daily: 5 }]\n"), Fleet("http: { readOnly: true }\ngateway: { listen: \"off\" }\nwatchdog: { sweep: 1m }\nbudgets: [{ id: f, daily: 6 }, { id: g }]\n"));
        Assert.Equal([new("budgets.f.daily", false), new("budgets.g (added)", false), new("gateway.listen", true), new("http.readOnly", true), new SectionChange("watchdog.sweep", false)], diff.Sections);
    }

    [Fact]
    public void A_difference_is_written_for_a_person_and_for_a_script()
    {
        using var text = new StringWriter();
        using var json = new StringWriter();
        var (before, after) = (Fleet(Agents("a", "b")), Fleet("http: { readOnly: true }\n" + Agents("b", "c")));
        Assert.Equal(0, ConfigCommands.Diff(FleetDiff.Between(before, after), json: false, text));
        Assert.Equal("start      c  (new)\nstop       a  (removed)\nchange     http.readOnly  (when the daemon is started again)\nleft alone 1 agents\n", text.ToString());
        ConfigCommands.Diff(FleetDiff.Between(before, after), json: true, json);
        Assert.Equal("c", JsonNode.Parse(json.ToString())!["started"]![0]!["id"]!.GetValue<string>());
    }
}
