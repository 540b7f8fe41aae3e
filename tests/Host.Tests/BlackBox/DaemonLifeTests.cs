using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>What becomes of the agents when the daemon ends, in whatever way. Each case has a daemon of its own.</summary>
public sealed class DaemonLifeTests
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(10);

    [Fact, Case("B9")]
    public async Task A_daemon_killed_in_the_middle_of_a_backoff_keeps_the_rest_of_it_and_the_count()
    {
        await using var fleet = await TestFleet.StartAsync(new()
        {
            Agents = [new("B9", "exit 1") { Restart = "{ policy: always, initial: 1s, factor: 20, max: 2m, jitter: 0 }" }],
        });
        var before = await fleet.UntilAsync("B9", a => a is { State: "backoff", Failures: 2 }, "its second backoff");

        await fleet.Daemon.KillAsync();
        await fleet.StartDaemonAsync();

        var after = await fleet.UntilStateAsync("B9", "backoff");
        Assert.Equal((before.Failures, before.Run, before.Restarts), (after.Failures, after.Run, after.Restarts));
        Assert.InRange(after.NextStartAt!.Value - before.NextStartAt!.Value, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(1));
    }

    [Fact, Case("C16")]
    public async Task SIGTERM_with_leave_ends_the_daemon_and_not_its_agents()
    {
        await using var fleet = await TestFleet.StartAsync(new() { OnShutdown = "leave", Agents = [new("C16a", "sleep-forever"), new("C16b", "sleep-forever")] });
        var agents = new[] { await fleet.UntilStateAsync("C16a", "running"), await fleet.UntilStateAsync("C16b", "running") };
        var ticks = agents.Select(a => Proc.StartTicks(a.Pid!.Value)).ToArray();

        fleet.Daemon.Signal(Proc.SigTerm);

        Assert.Equal(0, await fleet.Daemon.ExitAsync(ShutdownLimit));
        Assert.Equal(ticks, agents.Select(a => Proc.StartTicks(a.Pid!.Value)));
        Assert.All(agents, a => Assert.True(Proc.Lives(a.Pid!.Value)));
    }

    [Theory, Case("C16"), Case("C17")]
    [InlineData(Proc.SigTerm)]
    [InlineData(Proc.SigInt)]
    public async Task A_signal_with_stop_ends_the_daemon_after_all_its_agents(int signal)
    {
        await using var fleet = await TestFleet.StartAsync(new() { Agents = [new("C16a", "sleep-forever"), new("C16b", "trap-term 300ms 0 sleep-forever")] });
        var pids = new[] { (await fleet.UntilStateAsync("C16a", "running")).Pid!.Value, (await fleet.UntilStateAsync("C16b", "running")).Pid!.Value };

        fleet.Daemon.Signal(signal);

        Assert.Equal(0, await fleet.Daemon.ExitAsync(ShutdownLimit));
        Assert.DoesNotContain(pids, Proc.Lives);
    }

    [Fact, Case("C17")]
    public async Task A_second_SIGTERM_does_not_disturb_the_shutdown()
    {
        await using var fleet = await TestFleet.StartAsync(new() { Agents = [new("C17", "trap-term 1s 0 out ready sleep-forever") { Stop = "{ grace: 5s, kill: 5s }" }] });
        var agent = await fleet.UntilStateAsync("C17", "running");
        await Eventually.TrueAsync(async () => (await fleet.Api.LogAsync("C17", 1)).Length > 0, () => "the agent is ready");

        fleet.Daemon.Signal(Proc.SigTerm);
        await Eventually.TrueAsync(
            () => File.ReadAllText(Directory.EnumerateFiles(Path.Combine(fleet.StateDirectory, "agents", "C17"), "stdout", SearchOption.AllDirectories).Single()).Contains("TERM", StringComparison.Ordinal),
            "the agent is asked to stop");
        fleet.Daemon.Signal(Proc.SigTerm);

        Assert.Equal(0, await fleet.Daemon.ExitAsync(ShutdownLimit));
        Assert.False(Proc.Lives(agent.Pid!.Value));
        await fleet.StartDaemonAsync();
        Assert.Equal(0, (await fleet.UntilAsync("C17", a => a.LastExit is not null, "its exit is known")).LastExit!.Code);
    }

    [Fact, Case("C17")]
    public async Task SIGHUP_reloads_and_touches_no_agent()
    {
        var agents = Enumerable.Range(0, 20).Select(i => new FakeAgentYaml($"C17-{i}", "sleep-forever")).ToArray();
        await using var fleet = await TestFleet.StartAsync(new() { Agents = agents });
        var before = await RunningAsync(fleet, agents);
        fleet.WriteAgents("new", new FakeAgentYaml("C17-new", "sleep-forever"));

        fleet.Daemon.Signal(Proc.SigHup);

        await fleet.UntilStateAsync("C17-new", "running");
        Assert.Equal(before, await RunningAsync(fleet, agents));
        Assert.True(fleet.Daemon.Lives);
    }

    [Fact, Case("13")]
    public async Task A_daemon_killed_by_its_own_agent_finds_all_agents_again_when_its_unit_restarts_it()
    {
        await using var fleet = await TestFleet.StartAsync(new() { OnShutdown = "leave", Agents = [new("P13-other", "sleep-forever")] });
        var other = await fleet.UntilStateAsync("P13-other", "running");

        await fleet.AddAsync(new FakeAgentYaml("P13", $"await-file {fleet.FileOf("p13.gate")} signal-matching SIGKILL 'run --config {fleet.Directory}' sleep-forever"));
        var killer = await fleet.UntilStateAsync("P13", "running");
        await File.WriteAllTextAsync(fleet.FileOf("p13.gate"), "");
        Assert.Equal(128 + Proc.SigKill, await fleet.Daemon.ExitAsync(TimeSpan.FromSeconds(20)));
        await fleet.StartDaemonAsync();

        foreach (var before in new[] { other, killer })
        {
            var after = await fleet.UntilAsync(before.Id, a => a is { State: "running", Adopted: true }, "is taken over");
            Assert.Equal((before.Pid, before.Run, before.Restarts), (after.Pid, after.Run, after.Restarts));
        }

        await fleet.CliAsync("stop", "--all", "--wait");
    }

    [Fact, Case("4")]
    public async Task A_crash_loop_is_still_one_after_the_daemon_has_been_killed()
    {
        await using var fleet = await TestFleet.StartAsync(new()
        {
            Agents = [new("P4", "exit 1") { Restart = "{ policy: always, initial: 20ms, crashLoop: { failures: 3, within: 10m, retryEvery: 1h } }" }],
        });
        var before = await fleet.UntilStateAsync("P4", "crash-loop");

        await fleet.Daemon.KillAsync();
        await fleet.StartDaemonAsync();

        var after = await fleet.UntilStateAsync("P4", "crash-loop");
        Assert.Equal((before.Run, before.Failures, before.NextStartAt, before.Reason), (after.Run, after.Failures, after.NextStartAt, after.Reason));
        Assert.Single(fleet.Events.Of("P4", "agent.crash-loop-entered"));
    }

    private static async Task<IReadOnlyList<(string, int?, long)>> RunningAsync(TestFleet fleet, IReadOnlyList<FakeAgentYaml> agents)
    {
        var found = new List<(string, int?, long)>();
        foreach (var agent in agents)
        {
            var view = await fleet.UntilStateAsync(agent.Id, "running", TimeSpan.FromSeconds(60));
            found.Add((view.Id, view.Pid, view.Run));
        }

        return found;
    }
}
