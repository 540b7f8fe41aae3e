using Supervisor.Actors.Events;
using Supervisor.Host.Demo;
using static Supervisor.Host.Tests.Demo.DemoChecksTests;

namespace Supervisor.Host.Tests.Demo;

public sealed class DemoRestartChecksTests
{
    private static IReadOnlyList<EventEntry> Plans(params double[] delays) =>
        [.. delays.Select((delay, i) => DemoStory.Event(i, "crasher", "agent.restart-planned", i + 1, DemoStory.Plan(i, delay)))];

    [Fact]
    public void Delays_that_double_within_their_jitter_are_right() =>
        Assert.Null(DemoRestartChecks.FaultOf(Plans(0.4, 1.2, 1.6, 4.8, 8, 6.4, 8), DemoCast.CrasherRestart));

    [Theory, InlineData(0.3), InlineData(0.7)]
    public void A_delay_outside_its_limits_is_a_fault(double first) =>
        Assert.Contains("delay 1", DemoRestartChecks.FaultOf(Plans(first), DemoCast.CrasherRestart), StringComparison.Ordinal);

    [Fact]
    public void A_delay_above_the_longest_is_a_fault() =>
        Assert.Contains("delay 5", DemoRestartChecks.FaultOf(Plans(0.5, 1, 2, 4, 9), DemoCast.CrasherRestart), StringComparison.Ordinal);

    [Fact]
    public void An_agent_that_never_came_back_is_a_fault() =>
        Fails(DemoRestartChecks.Restarts(DemoStory.Without("crasher", "agent.restart-planned")), "fewer than two restarts");

    [Fact]
    public void A_start_before_its_time_is_a_fault() =>
        Fails(DemoRestartChecks.Restarts(DemoStory.Good.With(events => events.Select(e => e is { Agent: "crasher", Type: "agent.run-decided", Run: 2 } ? e with { At = e.At.AddMilliseconds(-100) } : e))), "run 2 was started before its time");

    [Fact]
    public void An_agent_that_is_never_given_up_is_a_fault() =>
        Fails(DemoRestartChecks.CrashLoop(DemoStory.Without("broken", "agent.crash-loop-entered")), "0 crash loops were entered");

    [Fact]
    public void A_crash_loop_that_came_too_late_is_a_fault() =>
        Fails(DemoRestartChecks.CrashLoop(DemoStory.Changed("broken", "agent.crash-loop-entered", new { failures = 6 })), "it took 6 failures instead of 5");

    [Fact]
    public void A_run_after_the_crash_loop_is_a_fault() =>
        Fails(DemoRestartChecks.CrashLoop(DemoStory.Good.With(events => events.Append(DemoStory.Event(9, "broken", "agent.run-decided", 6)))), "6 runs instead of 5");
}
