using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>Phases, dependencies, and agents whose names begin alike.</summary>
public sealed class DependencyTests(SharedFleet shared) : IClassFixture<SharedFleet>
{
    private readonly TestFleet _fleet = shared.Fleet;

    private async Task<AgentView> DependentAsync(string id, string policy)
    {
        await _fleet.AddRunningAsync(new($"{id}-base", "sleep-forever"));
        return await _fleet.AddRunningAsync(new(id, $"witness {_fleet.FileOf(id)} sleep-forever") { More = $"after: [{id}-base]\nonDependencyLost: {policy}" });
    }

    [Fact, Case("D16")]
    public async Task A_lost_dependency_that_is_ignored_changes_nothing()
    {
        var before = await DependentAsync("D16-ignore", "ignore");

        await _fleet.StopAsync("D16-ignore-base");
        await _fleet.StartAsync("D16-ignore-base");
        await _fleet.UntilStateAsync("D16-ignore-base", "running");

        var after = await _fleet.AgentAsync("D16-ignore");
        Assert.Equal((before.Pid, before.Run, "running"), (after.Pid, after.Run, after.State));
    }

    [Fact, Case("D16")]
    public async Task A_lost_dependency_can_restart_its_dependent_once_it_is_back()
    {
        var before = await DependentAsync("D16-restart", "restart");

        await _fleet.StopAsync("D16-restart-base");
        await _fleet.UntilAsync("D16-restart", a => a.Pid is null, "is stopped with its dependency");
        Assert.False(Proc.Lives(before.Pid!.Value));
        await _fleet.StartAsync("D16-restart-base");

        await _fleet.UntilAsync("D16-restart", a => a is { State: "running", Run: 2 }, "runs again");
        var baseStarted = _fleet.Events.Of("D16-restart-base", "agent.started")[^1];
        Assert.True(_fleet.Events.Of("D16-restart", "agent.run-decided")[^1].Seq > baseStarted.Seq, "it starts after its dependency runs");
    }

    [Fact, Case("D16")]
    public async Task A_lost_dependency_can_stop_its_dependent()
    {
        await DependentAsync("D16-stop", "stop");

        await _fleet.StopAsync("D16-stop-base");

        var agent = await _fleet.UntilStateAsync("D16-stop", "stopped");
        Assert.Contains("dependency", agent.Reason, StringComparison.Ordinal);
    }

    [Fact, Case("W1"), Case("W2")]
    public async Task Every_configured_agent_is_known_and_the_phase_decides_which_run()
    {
        await using var fleet = await TestFleet.StartAsync(new()
        {
            More = "phase: 2",
            Agents =
            [
                new("always", "sleep-forever"), new("early", "sleep-forever") { More = "phases: [1]" },
                new("middle", "sleep-forever") { More = "phases: [1, 2]" }, new("late", "sleep-forever") { More = "phases: [3]" },
            ],
        });

        await fleet.UntilStateAsync("always", "running");
        await fleet.UntilStateAsync("middle", "running");
        var listed = await fleet.CliAsync("agents", "--json");
        Assert.Equal(
            [("always", "running"), ("early", "pending"), ("middle", "running"), ("late", "pending")],
            Json.Read<AgentView[]>(listed.Stdout).Select(a => (a.Id, a.State)));
        Assert.Contains("phase", (await fleet.AgentAsync("late")).Reason, StringComparison.Ordinal);

        fleet.WriteConfig("phase: 3");
        await fleet.Api.PostAsync("/api/v1/config/reload");
        await fleet.UntilStateAsync("late", "running");
        await fleet.UntilStateAsync("middle", "pending");
    }

    [Fact, Case("W3")]
    public async Task Agents_whose_names_begin_alike_are_never_taken_for_each_other()
    {
        var one = await _fleet.AddRunningAsync(new("a1", "sleep-forever") { Restart = "{ policy: never }" });
        var ten = await _fleet.AddRunningAsync(new("a10", "sleep-forever"));
        await _fleet.AddRunningAsync(new("a11", "sleep-forever"));

        Proc.Signal(one.Pid!.Value, Proc.SigKill);
        await _fleet.UntilAsync("a1", a => a.Pid is null, "is seen dead though a10 and a11 live");
        await _fleet.StopAsync("a11");

        Assert.Equal((ten.Pid, "running"), ((await _fleet.AgentAsync("a10")).Pid, (await _fleet.AgentAsync("a10")).State));
    }
}
