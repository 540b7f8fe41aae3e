using Supervisor.Actors.Agents;
using Supervisor.Actors.Outside;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Agents;

public sealed class RestartPolicyTests
{
    static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    static readonly RestartOptions Default = new();
    static readonly RestartOptions NoJitter = new() { Jitter = 0 };

    static ExitFacts Exit(int code, double ranFor = 1) => new() { Ending = RunEnding.Exited, Code = code, RanFor = TimeSpan.FromSeconds(ranFor) };

    static (RestartDecision Decision, RestartHistory History) Once(ExitFacts exit, RestartOptions? options = null, RestartHistory? history = null, double random = 0.5, DateTimeOffset? now = null) =>
        RestartPolicy.Decide(options ?? NoJitter, history ?? RestartHistory.None, exit, now ?? T0, random);

    /// <summary>Fails over and over, each run starting when the last decision said.</summary>
    static List<RestartDecision> Fail(int times, RestartOptions options, ExitFacts exit, Random random)
    {
        var (now, history, decisions) = (T0, RestartHistory.None, new List<RestartDecision>());
        for (var i = 0; i < times; i++)
        {
            now += exit.RanFor;
            (var decision, history) = RestartPolicy.Decide(options, history, exit, now, random.NextDouble());
            decisions.Add(decision);
            now = decision switch { RestartDecision.Start start => start.At, RestartDecision.CrashLoop { RetryAt: { } retry } => retry, _ => now };
        }

        return decisions;
    }

    [Fact]
    public void A_first_failure_waits_the_initial_delay() =>
        Assert.Equal(new RestartDecision.Start(T0.AddSeconds(1), TimeSpan.FromSeconds(1), "exit 1 after 1s; failure 1 of 5 within 10m"), Once(Exit(1)).Decision);

    [Fact]
    public void A_second_failure_waits_twice_as_long() => Assert.Equal(TimeSpan.FromSeconds(2),
        Assert.IsType<RestartDecision.Start>(Once(Exit(1), history: Once(Exit(1)).History).Decision).Delay);

    [Fact]
    public void An_exit_of_0_at_once_over_and_over_backs_off_and_ends_in_a_crash_loop()
    {
        var decisions = Fail(10, NoJitter, Exit(0), new Random(1));
        Assert.Equal([1.0, 2, 4, 8], decisions.Take(4).Select(d => Assert.IsType<RestartDecision.Start>(d).Delay.TotalSeconds));
        Assert.All(decisions.Skip(4), d => Assert.IsType<RestartDecision.CrashLoop>(d));
    }

    [Fact]
    public void A_program_that_lives_2_seconds_for_ever_ends_in_a_crash_loop_too() =>
        Assert.IsType<RestartDecision.CrashLoop>(Fail(5, Default, Exit(1, ranFor: 2), new Random(1))[^1]);

    [Fact]
    public void A_crash_loop_tries_again_after_its_time_and_says_why()
    {
        var loop = Assert.IsType<RestartDecision.CrashLoop>(Fail(5, NoJitter, Exit(1), new Random(1))[^1]);
        Assert.Equal(T0.AddSeconds(5 + 15) + TimeSpan.FromHours(1), loop.RetryAt);
        Assert.Equal("exit 1 after 1s; 5 failures within 10m", loop.Reason);
    }

    [Fact]
    public void A_crash_loop_without_retry_waits_for_a_person()
    {
        var options = NoJitter with { CrashLoop = new CrashLoopOptions { RetryEvery = TimeSpan.Zero } };
        Assert.Null(Assert.IsType<RestartDecision.CrashLoop>(Fail(5, options, Exit(1), new Random(1))[^1]).RetryAt);
    }

    [Fact]
    public void A_try_in_a_crash_loop_that_fails_goes_back_to_it_though_its_window_is_long_past()
    {
        var looping = new RestartHistory(5, [T0], true, 0, 0);
        Assert.IsType<RestartDecision.CrashLoop>(Once(Exit(1), history: looping, now: T0.AddHours(1)).Decision);
    }

    [Fact]
    public void A_stable_run_leaves_the_crash_loop()
    {
        var (decision, history) = Once(Exit(1, ranFor: 600), history: new RestartHistory(9, [T0], true, 0, 0));
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.IsType<RestartDecision.Start>(decision).Delay);
        Assert.Equal((1, false), (history.Failures, history.CrashLooping));
    }

    [Fact]
    public void After_four_crashes_and_a_stable_run_the_next_delay_is_the_first_again()
    {
        var history = RestartHistory.None;
        for (var i = 0; i < 4; i++)
        {
            history = Once(Exit(1), history: history, now: T0.AddSeconds(i)).History;
        }

        Assert.Equal(4, history.Failures);
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.IsType<RestartDecision.Start>(Once(Exit(1, ranFor: 600), history: history, now: T0.AddMinutes(11)).Decision).Delay);
    }

    [Fact]
    public void Failures_leave_the_window_one_by_one_so_that_slow_ones_are_never_a_crash_loop()
    {
        // Five failures, each 3 minutes after the last: never five within 10 minutes, however long it goes on.
        var history = RestartHistory.None;
        for (var i = 0; i < 100; i++)
        {
            (var decision, history) = Once(Exit(1, ranFor: 60), history: history, now: T0.AddMinutes(3 * i));
            Assert.IsType<RestartDecision.Start>(decision);
            Assert.InRange(history.Recent.Count, 1, 4);
        }
    }

    [Fact]
    public void The_window_slides_and_is_not_cut_into_pieces()
    {
        // Two failures at 9 minutes, three at 11: five within 2 minutes, on both sides of the tenth.
        var history = RestartHistory.None;
        RestartDecision decision = new RestartDecision.Complete("");
        foreach (var minute in new[] { 9.0, 9.2, 11, 11.1, 11.2 })
        {
            (decision, history) = Once(Exit(1), history: history, now: T0.AddMinutes(minute));
        }

        Assert.IsType<RestartDecision.CrashLoop>(decision);
    }

    [Fact]
    public void Failures_that_lie_ahead_of_a_clock_set_back_prove_nothing()
    {
        var ahead = new RestartHistory(4, [T0.AddHours(1), T0.AddHours(1), T0.AddHours(1), T0.AddHours(1)], false, 0, 0);
        var (decision, history) = Once(Exit(1), history: ahead);
        Assert.IsType<RestartDecision.Start>(decision);
        Assert.Equal([T0], history.Recent);
    }

    [Theory]
    [InlineData(RestartWhen.OnFailure)]
    [InlineData(RestartWhen.Never)]
    public void A_clean_end_completes_where_the_policy_is_not_always(RestartWhen policy) =>
        Assert.IsType<RestartDecision.Complete>(Once(Exit(0), NoJitter with { Policy = policy }).Decision);

    [Fact]
    public void A_failure_under_never_is_final() =>
        Assert.Equal(new RestartDecision.Fail("exit 1; policy never"), Once(Exit(1), NoJitter with { Policy = RestartWhen.Never }).Decision);

    [Fact]
    public void A_long_clean_run_under_always_starts_again_and_counts_nothing()
    {
        var (decision, history) = Once(Exit(0, ranFor: 3600), history: new RestartHistory(3, [T0], false, 2, 1));
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.IsType<RestartDecision.Start>(decision).Delay);
        Assert.Same(RestartHistory.None, history);
    }

    [Fact]
    public void An_end_that_lingered_after_its_result_is_a_success_although_we_killed_it()
    {
        var lingered = new ExitFacts { Ending = RunEnding.Lingered, Signal = 9, By = EndedBy.Supervisor, Result = true, RanFor = TimeSpan.FromMinutes(2) };
        Assert.IsType<RestartDecision.Complete>(Once(lingered, NoJitter with { Policy = RestartWhen.OnFailure }).Decision);
    }

    [Fact]
    public void A_reported_failure_outweighs_an_exit_of_0() => Assert.StartsWith("exit 0, but the agent reported failure",
        Assert.IsType<RestartDecision.Start>(Once(Exit(0) with { Result = false }, NoJitter with { Policy = RestartWhen.OnFailure }).Decision).Reason, StringComparison.Ordinal);

    [Fact]
    public void A_listed_exit_code_is_final_at_once() => Assert.Equal(new RestartDecision.Fail("exit 78: listed in preventExitCodes"),
        Once(Exit(78), NoJitter with { PreventExitCodes = [77, 78] }).Decision);

    public static TheoryData<ExitFacts, string> Causes => new()
    {
        { new ExitFacts { Ending = RunEnding.SpawnFailed, Errno = "ENOENT" }, "spawn-failed: ENOENT" },
        { new ExitFacts { Ending = RunEnding.Exited, Signal = 9, By = EndedBy.Oom }, "oom" },
        { new ExitFacts { Ending = RunEnding.Exited, Signal = 11 }, "SIGSEGV" },
        { new ExitFacts { Ending = RunEnding.Exited, Signal = 9, By = EndedBy.External }, "SIGKILL from outside" },
        { new ExitFacts { Ending = RunEnding.Stalled, Signal = 15, By = EndedBy.Supervisor }, "stalled" },
        { new ExitFacts { Ending = RunEnding.FailedToStart, Signal = 15, By = EndedBy.Supervisor }, "failed-to-start" },
    };

    [Theory, MemberData(nameof(Causes))]
    public void Each_of_these_counts_as_a_failure_and_names_itself(ExitFacts exit, string reason)
    {
        var (decision, history) = Once(exit);
        Assert.StartsWith(reason + " after", decision.Reason, StringComparison.Ordinal);
        Assert.Equal(1, history.Failures);
    }

    [Fact]
    public void A_program_that_cannot_be_started_is_never_a_stable_run()
    {
        var options = NoJitter with { StableAfter = TimeSpan.Zero };
        Assert.Equal(2, Once(new ExitFacts { Ending = RunEnding.SpawnFailed }, options, new RestartHistory(1, [], false, 0, 0)).History.Failures);
    }

    [Fact]
    public void A_run_that_hung_from_its_start_was_not_stable_however_long_it_hung()
    {
        var hung = new ExitFacts { Ending = RunEnding.Stalled, RanFor = TimeSpan.FromMinutes(16), QuietFor = TimeSpan.FromMinutes(15) };
        Assert.Equal(3, Once(hung, history: new RestartHistory(2, [], false, 0, 0)).History.Failures);
    }

    [Fact]
    public void A_lost_shim_starts_again_and_is_no_crash_but_never_a_tight_circle()
    {
        var (history, delays) = (RestartHistory.None, new List<double>());
        for (var i = 0; i < 20; i++)
        {
            (var decision, history) = Once(new ExitFacts { Ending = RunEnding.Lost }, history: history);
            delays.Add(Assert.IsType<RestartDecision.Start>(decision).Delay.TotalSeconds);
        }

        Assert.Equal([1.0, 2, 4], delays.Take(3));
        Assert.Equal(300, delays[^1]);
        Assert.Equal((0, 0, false), (history.Failures, history.Recent.Count, history.CrashLooping));
    }

    [Fact]
    public void A_manual_start_forgives_everything() => Assert.Equal(TimeSpan.FromSeconds(1),
        Assert.IsType<RestartDecision.Start>(Once(Exit(1), history: RestartHistory.Reset()).Decision).Delay);

    [Fact]
    public void A_rate_limit_waits_for_its_end_plus_jitter_and_counts_as_nothing()
    {
        var before = new RestartHistory(4, [T0, T0, T0, T0], false, 0, 0);
        var limited = Exit(1) with { RateLimit = new RateLimit(T0.AddMinutes(10)) };
        foreach (var random in new[] { 0, 0.25, 0.999 })
        {
            var (decision, history) = Once(limited, Default, before, random);
            var wait = Assert.IsType<RestartDecision.Wait>(decision);
            Assert.Equal(T0.AddMinutes(10), wait.Until);
            Assert.Equal(T0.AddMinutes(10 + 2 * random), wait.At, TimeSpan.FromMilliseconds(1));
            Assert.Equal(before, history);
        }
    }

    [Fact]
    public void A_rate_limit_that_names_no_end_doubles_its_wait_up_to_a_quarter_of_an_hour()
    {
        var (history, waits) = (RestartHistory.None, new List<double>());
        foreach (var until in new DateTimeOffset?[] { null, T0, T0.AddHours(-1), null, null, null, null })
        {
            (var decision, history) = Once(Exit(1) with { RateLimit = new RateLimit(until) }, history: history);
            waits.Add((Assert.IsType<RestartDecision.Wait>(decision).Until - T0).TotalSeconds);
        }

        Assert.Equal([30.0, 60, 120, 240, 480, 900, 900], waits);
        Assert.Equal(0, history.Failures);
        Assert.Equal(0, Once(Exit(1), history: history).History.RateLimits);
    }

    [Fact]
    public void A_success_is_not_undone_by_a_limit_met_on_the_way() => Assert.IsType<RestartDecision.Complete>(
        Once(Exit(0) with { RateLimit = new RateLimit(null), Result = true }, NoJitter with { Policy = RestartWhen.OnFailure }).Decision);

    [Fact]
    public void Two_hundred_agents_that_crash_together_come_back_spread_over_the_jitter()
    {
        var random = new Random(42);
        foreach (var failures in new[] { 1, 4, 50 })
        {
            var starts = Enumerable.Range(0, 200).Select(_ => RestartPolicy.Delay(Default, failures, random.NextDouble()).TotalSeconds).Order().ToList();
            var middle = Math.Min(300, Math.Pow(2, failures - 1));
            var window = Math.Min(300, middle * 1.2) - middle * 0.8;
            Assert.True(starts[^1] - starts[0] >= 0.8 * window, $"{starts[0]}..{starts[^1]} of {window}");
            // No pile at either edge: no tenth of the window holds more than twice its share.
            Assert.All(starts.GroupBy(s => (int)((s - middle * 0.8) / window * 10)), tenth => Assert.InRange(tenth.Count(), 1, 40));
        }
    }

    [Fact]
    public void Two_hundred_crash_loops_do_not_try_again_in_one_instant()
    {
        var random = new Random(42);
        var looping = new RestartHistory(5, [T0], true, 0, 0);
        var retries = Enumerable.Range(0, 200).Select(_ => Assert.IsType<RestartDecision.CrashLoop>(Once(Exit(1), Default, looping, random.NextDouble()).Decision).RetryAt!.Value).ToList();
        Assert.True(retries.Max() - retries.Min() >= TimeSpan.FromMinutes(4));
        Assert.All(retries, retry => Assert.InRange(retry, T0.AddHours(1), T0.AddHours(1).AddMinutes(5)));
    }

    [Fact]
    public void Whatever_the_options_a_delay_stays_in_its_bounds()
    {
        var random = new Random(2026);
        for (var i = 0; i < 20_000; i++)
        {
            var options = new RestartOptions
            {
                Initial = TimeSpan.FromSeconds(random.Next(4) == 0 ? 0 : random.NextDouble() * 86_400),
                Max = TimeSpan.FromSeconds(random.Next(8) == 0 ? 0 : random.NextDouble() * 7 * 86_400),
                Factor = 1 + random.NextDouble() * 99,
                Jitter = random.NextDouble(),
            };
            var failures = random.Next(3) == 0 ? random.Next(1, int.MaxValue) : random.Next(1, 40);
            var delay = RestartPolicy.Delay(options, failures, random.NextDouble());
            var smallest = Math.Min(options.Initial.Ticks, options.Max.Ticks) * (1 - options.Jitter);
            Assert.InRange(delay.Ticks, (long)smallest, options.Max.Ticks);
        }
    }

    [Fact]
    public void An_initial_delay_of_nothing_starts_at_once_for_ever() =>
        Assert.Equal(TimeSpan.Zero, RestartPolicy.Delay(new RestartOptions { Initial = TimeSpan.Zero, Factor = 100 }, 5000, 0.9));

    [Fact]
    public void Thirty_minutes_of_crashes_never_start_faster_than_the_cap_allows()
    {
        // A rule of crash loops that never fires: only the back-off holds the agent.
        var options = Default with { Max = TimeSpan.FromSeconds(20), CrashLoop = new CrashLoopOptions { Failures = 1000 } };
        var delays = Fail(100, options, Exit(1), new Random(3)).ConvertAll(d => Assert.IsType<RestartDecision.Start>(d).Delay.TotalSeconds);
        Assert.All(delays, delay => Assert.InRange(delay, 0.8, 20));
        Assert.All(delays.Skip(6), delay => Assert.InRange(delay, 16, 20));
        // Below the cap each wait is longer than the last: with this factor and jitter the ranges do not touch.
        Assert.Equal(delays.Take(5).Order(), delays.Take(5));
    }

    [Fact]
    public void Random_lives_keep_the_history_small_and_every_decision_in_the_future()
    {
        var random = new Random(11);
        for (var life = 0; life < 200; life++)
        {
            var (now, history) = (T0, RestartHistory.None);
            var options = Default with { CrashLoop = new CrashLoopOptions { Failures = random.Next(1, 8) } };
            for (var run = 0; run < 50; run++)
            {
                now += TimeSpan.FromSeconds(random.NextDouble() * 900);
                var exit = new ExitFacts
                {
                    Ending = (RunEnding)random.Next(6),
                    Code = random.Next(3),
                    Result = random.Next(3) switch { 0 => null, 1 => true, _ => false },
                    RanFor = TimeSpan.FromSeconds(random.NextDouble() * 800),
                    RateLimit = random.Next(5) == 0 ? new RateLimit(random.Next(2) == 0 ? null : now.AddSeconds(random.Next(-60, 600))) : null,
                };
                (var decision, history) = RestartPolicy.Decide(options, history, exit, now, random.NextDouble());
                var at = decision switch { RestartDecision.Start s => s.At, RestartDecision.Wait w => w.At, RestartDecision.CrashLoop c => c.RetryAt ?? now, _ => now };
                Assert.True(at >= now);
                Assert.True(history.Recent.Count <= options.CrashLoop.Failures);
                Assert.True(decision is not RestartDecision.CrashLoop || history.CrashLooping);
                now = at;
            }
        }
    }
}
