using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>When a dead agent comes back. Minutes are scaled to fractions of a second; the rules are the same.</summary>
public sealed class RestartTests(SharedFleet shared) : IClassFixture<SharedFleet>
{
    private static readonly TimeSpan Initial = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Cap = TimeSpan.FromMilliseconds(800);
    private readonly TestFleet _fleet = shared.Fleet;

    [Fact, Case("B1"), Case("4"), Case("W6")]
    public async Task An_agent_that_exits_at_once_is_started_after_growing_delays_until_it_is_a_crash_loop()
    {
        await _fleet.AddAsync(new FakeAgentYaml("B1", "exit 0") { Restart = "{ policy: always, initial: 100ms, max: 800ms, crashLoop: { failures: 5, within: 10m, retryEvery: 1h } }" });

        var agent = await _fleet.UntilStateAsync("B1", "crash-loop");

        var delays = _fleet.Events.Of("B1", "agent.restart-planned").Select(e => e.Duration("delay")).ToArray();
        Assert.Equal(4, delays.Length);
        for (var i = 0; i < delays.Length; i++)
        {
            var expected = Initial * Math.Pow(2, i);
            Assert.InRange(delays[i], expected * 0.8, expected * 1.2 < Cap ? expected * 1.2 : Cap);
        }

        Assert.Equal((5, 5), (agent.Run, agent.Failures));
        var loops = _fleet.Events.Of("B1", "agent.crash-loop-entered");
        Assert.Equal(5, Assert.Single(loops)["failures"].GetInt32());
        Assert.InRange(agent.NextStartAt!.Value - loops[0].At, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        Assert.NotEqual("", agent.Reason);
    }

    [Fact, Case("B1"), Case("4")]
    public async Task Ten_quick_exits_are_ten_starts_with_delays_that_only_grow_and_a_crash_loop_is_probed_again()
    {
        await _fleet.AddAsync(new FakeAgentYaml("B1-ten", "exit 0") { Restart = "{ policy: always, initial: 50ms, max: 400ms, jitter: 0, crashLoop: { failures: 8, within: 10m, retryEvery: 300ms } }" });

        await _fleet.UntilAsync("B1-ten", a => a.Run >= 10, "ten runs");

        var delays = _fleet.Events.Of("B1-ten", "agent.restart-planned").Select(e => e.Duration("delay").TotalMilliseconds).ToArray();
        Assert.Equal([50, 100, 200, 400, 400, 400, 400], delays.Take(7));
        Assert.NotEmpty(_fleet.Events.Of("B1-ten", "agent.crash-loop-entered"));
        await _fleet.StopAsync("B1-ten");
    }

    [Fact, Case("B2")]
    public async Task No_delay_is_ever_longer_than_the_cap_and_at_the_cap_starts_keep_their_distance()
    {
        await _fleet.AddAsync(new FakeAgentYaml("B2", "exit 1") { Restart = "{ policy: always, initial: 25ms, max: 200ms, jitter: 0.2, crashLoop: { failures: 1000, within: 10m } }" });

        await _fleet.UntilAsync("B2", a => a.Run >= 20, "twenty runs", TimeSpan.FromSeconds(30));
        await _fleet.StopAsync("B2");

        var plans = _fleet.Events.Of("B2", "agent.restart-planned");
        Assert.All(plans, plan => Assert.InRange(plan.Duration("delay"), TimeSpan.Zero, TimeSpan.FromMilliseconds(200)));
        var starts = _fleet.Events.Of("B2", "agent.started").Select(e => e.At).ToArray();
        Assert.All(starts.Zip(starts.Skip(1), (earlier, later) => later - earlier).Skip(4), gap => Assert.True(gap >= TimeSpan.FromMilliseconds(160 - 20), $"{gap}"));
        Assert.True(plans.Skip(5).Select(p => p.Duration("delay")).Distinct().Count() > 1, "the delays at the cap are spread, too");
    }

    [Fact, Case("B3")]
    public async Task A_stable_run_resets_the_delay()
    {
        var crash = "{ exit 1 } ";
        await _fleet.AddAsync(new FakeAgentYaml("B3", $"nth {_fleet.FileOf("b3")} {crash}{crash}{crash}{crash}{{ sleep 1500ms exit 1 }} {{ sleep-forever }}")
        {
            Restart = "{ policy: always, initial: 100ms, max: 5s, jitter: 0.2, stableAfter: 1s, crashLoop: { failures: 6, within: 10m } }",
        });

        await _fleet.UntilAsync("B3", a => a is { State: "running", Run: 6 }, "runs for the sixth time");

        var plans = _fleet.Events.Of("B3", "agent.restart-planned");
        Assert.Equal([1, 2, 3, 4, 1], plans.Select(p => p["failures"].GetInt32()));
        Assert.InRange(plans[3].Duration("delay"), TimeSpan.FromMilliseconds(640), TimeSpan.FromMilliseconds(960));
        Assert.InRange(plans[4].Duration("delay"), TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(120));
    }

    [Fact, Case("B4")]
    public async Task An_agent_that_always_lives_a_little_while_reaches_the_crash_loop_as_well()
    {
        await _fleet.AddAsync(new FakeAgentYaml("B4", "sleep 300ms exit 1") { Restart = "{ policy: always, initial: 50ms, max: 100ms, crashLoop: { failures: 5, within: 10m, retryEvery: 0s } }" });

        var agent = await _fleet.UntilStateAsync("B4", "crash-loop");

        Assert.Equal((5, 5, null), (agent.Run, agent.Failures, agent.NextStartAt));
    }

    [Fact, Case("B5"), Case("W8")]
    public async Task An_agent_that_is_done_is_completed_and_not_started_again()
    {
        await _fleet.AddAsync(new FakeAgentYaml("B5", "out done exit 0") { Restart = "{ policy: on-failure, initial: 50ms }" });

        var agent = await _fleet.UntilStateAsync("B5", "completed");

        Assert.Equal((1L, 0, 0), (agent.Run, agent.LastExit!.Code, agent.Failures));
        Assert.Null(agent.NextStartAt);
        Assert.Empty(_fleet.Events.Of("B5", "agent.restart-planned"));
    }

    [Fact, Case("B6")]
    public async Task An_exit_code_that_prevents_restarts_ends_the_agent_as_failed()
    {
        await _fleet.AddAsync(new FakeAgentYaml("B6", "err 'bad key' exit 78") { Restart = "{ policy: always, initial: 50ms, preventExitCodes: [77, 78] }" });

        var agent = await _fleet.UntilStateAsync("B6", "failed");

        Assert.Equal((1L, 78), (agent.Run, agent.LastExit!.Code));
        Assert.Contains("78", agent.Reason, StringComparison.Ordinal);
        Assert.Empty(_fleet.Events.Of("B6", "agent.restart-planned"));
    }

    [Fact, Case("B7")]
    public async Task A_rate_limit_is_waited_for_and_is_no_crash()
    {
        await _fleet.AddAsync(new FakeAgentYaml("B7", $"nth {_fleet.FileOf("b7")} {{ claude-init claude-rate-limit 3s exit 1 }} {{ claude-init sleep-forever }}")
        {
            Kind = "claude-code",
            Restart = "{ policy: always, initial: 100ms }",
        });

        var waiting = await _fleet.UntilStateAsync("B7", "waiting");
        var until = waiting.NextStartAt!.Value;
        Assert.Equal(0, waiting.Failures);
        var running = await _fleet.UntilAsync("B7", a => a is { State: "running", Run: 2 }, "runs again");

        Assert.InRange(running.StartedAt!.Value, until, until + TimeSpan.FromSeconds(2));
        Assert.Equal(0, running.Failures);
        Assert.Empty(_fleet.Events.Of("B7", "agent.restart-planned"));
    }

    [Fact, Case("B10")]
    public async Task A_person_may_start_a_crash_looping_agent_at_once_and_its_failures_are_forgiven()
    {
        await _fleet.AddAsync(new FakeAgentYaml("B10", $"nth {_fleet.FileOf("b10")} {{ exit 1 }} {{ exit 1 }} {{ sleep-forever }}")
        {
            Restart = "{ policy: always, initial: 50ms, jitter: 0, crashLoop: { failures: 2, within: 10m, retryEvery: 0s } }",
        });
        await _fleet.UntilStateAsync("B10", "crash-loop");

        var started = await _fleet.CliAsync("start", "B10", "--wait");

        Assert.True(started.Exit == 0, started.ToString());
        var agent = await _fleet.UntilStateAsync("B10", "running");
        Assert.Equal((3L, 0), (agent.Run, agent.Failures));
        await _fleet.Events.FirstAsync("B10", "agent.history-reset");
        var why = await _fleet.CliAsync("why", "B10");
        Assert.Contains("forgave", why.Stdout, StringComparison.Ordinal);
    }
}
