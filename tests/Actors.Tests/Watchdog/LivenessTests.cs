using Supervisor.Actors.Watchdog;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Watchdog;
using static Supervisor.Messages.Watchdog.WatchdogProtocol;

namespace Supervisor.Actors.Tests.Watchdog;

public sealed class LivenessTests
{
    static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Sweep = TimeSpan.FromMinutes(2);
    static readonly LivenessOptions Options = new();
    static readonly AgentId A1 = new("A1");

    /// <summary>A run that has worked and is looked at every two minutes, on the clock of the test.</summary>
    sealed class Look
    {
        public DateTimeOffset Now { get; private set; } = T0;
        public RunWatch Watch { get; private set; } = RunWatch.Start(A1, 1, T0);
        public LivenessOptions Options { get; init; } = LivenessTests.Options;
        public RunSample Sample { get; set; } = new(A1, 1, ProcessState.Alive, "", 123456, 80, 5000, 9000, 1, "mcp", "c0ffee", null, T0, T0);

        public LivenessVerdict After(TimeSpan time, Func<RunSample, RunSample>? change = null, TimeSpan skew = default)
        {
            Now += time;
            Sample = (change?.Invoke(Sample) ?? Sample) with { At = Now + skew };
            (var verdict, Watch) = Liveness.Judge(Watch, Sample, Options, Now, Sweep);
            return verdict;
        }

        public LivenessVerdict AfterSilence(double minutes)
        {
            LivenessVerdict verdict = new LivenessVerdict.Alive([]);
            for (var passed = 0.0; passed < minutes; passed += 2)
            {
                verdict = After(Sweep);
            }

            return verdict;
        }
    }

    [Fact]
    public void An_agent_none_of_whose_signals_moves_is_nudged_first()
    {
        var look = new Look();
        Assert.IsType<LivenessVerdict.Alive>(look.AfterSilence(14));
        Assert.Equal(StallStep.Nudge, Assert.IsType<LivenessVerdict.Stalled>(look.AfterSilence(2)).Step);
        Assert.Equal(look.Now, look.Watch.NudgedAt);
    }

    [Fact]
    public void A_nudge_that_did_not_help_is_followed_by_a_resume_and_then_by_nothing()
    {
        var look = new Look();
        look.AfterSilence(16);
        Assert.Null(Assert.IsType<LivenessVerdict.Stalled>(look.AfterSilence(14)).Step);
        Assert.Equal(StallStep.Resume, Assert.IsType<LivenessVerdict.Stalled>(look.AfterSilence(2)).Step);
        Assert.Null(Assert.IsType<LivenessVerdict.Stalled>(look.AfterSilence(60)).Step);
    }

    public static TheoryData<string, Func<RunSample, int, RunSample>> Movements => new()
    {
        { "output", (s, i) => s with { OutputBytes = 123456 + i } },
        { "events", (s, i) => s with { ParsedEvents = 80 + i } },
        { "session", (s, i) => s with { SessionFileBytes = 5000 + i } },
        { "cpu", (s, i) => s with { CpuTicks = 9000 + i * 6000 } },
        { "children", (s, i) => s with { ChildSet = $"set {i}" } },
        { "commits", (s, i) => s with { Head = $"commit {i}" } },
    };

    [Theory, MemberData(nameof(Movements))]
    public void Any_one_signal_that_moves_is_life_for_hours(string name, Func<RunSample, int, RunSample> move)
    {
        var look = new Look();
        look.After(Sweep);
        for (var i = 1; i < 100; i++)
        {
            var verdict = Assert.IsType<LivenessVerdict.Alive>(look.After(Sweep, sample => move(sample, i)));
            Assert.StartsWith(name + " 0s ago", verdict.Evidence.Single(line => line.StartsWith(name, StringComparison.Ordinal)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_idle_event_loop_is_no_work()
    {
        // Half a percent of one core: 0.6 s of CPU in two minutes.
        var look = new Look();
        LivenessVerdict verdict = new LivenessVerdict.Alive([]);
        for (var i = 0; i < 9; i++)
        {
            verdict = look.After(Sweep, sample => sample with { CpuTicks = sample.CpuTicks + 60 });
        }

        Assert.IsType<LivenessVerdict.Stalled>(verdict);
    }

    [Fact]
    public void A_slow_burner_is_seen_however_often_it_is_looked_at()
    {
        // Three percent of one core, looked at every second, against a limit of ten.
        var look = new Look { Options = Options with { StallAfter = TimeSpan.FromSeconds(10) } };
        for (var i = 0; i < 100; i++)
        {
            Assert.IsType<LivenessVerdict.Alive>(look.After(TimeSpan.FromSeconds(1), sample => sample with { CpuTicks = sample.CpuTicks + 3 }));
        }
    }

    [Fact]
    public void A_helper_that_is_always_there_hides_no_stall() => Assert.IsType<LivenessVerdict.Stalled>(new Look().AfterSilence(16));

    [Fact]
    public void A_tool_that_waits_in_silence_doubles_the_time_and_no_more()
    {
        var look = new Look();
        look.AfterSilence(4);
        look.After(Sweep, sample => sample with { ChildProcesses = 2, ChildSet = "mcp tool" });
        Assert.IsType<LivenessVerdict.Alive>(look.AfterSilence(28));
        Assert.IsType<LivenessVerdict.Stalled>(look.AfterSilence(2));
    }

    [Fact]
    public void A_transcript_that_grew_by_the_nudge_buys_time_but_the_next_rung_is_the_resume()
    {
        var look = new Look();
        look.AfterSilence(16);
        Assert.IsType<LivenessVerdict.Alive>(look.After(Sweep, sample => sample with { SessionFileBytes = 5100 }));
        Assert.Equal(StallStep.Resume, Assert.IsType<LivenessVerdict.Stalled>(look.AfterSilence(16)).Step);
    }

    [Fact]
    public void Work_after_a_nudge_lets_the_ladder_begin_again()
    {
        var look = new Look();
        look.AfterSilence(16);
        look.After(Sweep, sample => sample with { OutputBytes = 200000 });
        Assert.Equal(StallStep.Nudge, Assert.IsType<LivenessVerdict.Stalled>(look.AfterSilence(16)).Step);
    }

    [Fact]
    public void A_verdict_that_was_not_acted_upon_comes_again_with_its_rung()
    {
        var look = new Look();
        look.AfterSilence(14);
        var before = look.Watch;
        var (first, after) = Liveness.Judge(before, look.Sample with { At = look.Now + Sweep }, Options, look.Now + Sweep, Sweep);
        var (second, _) = Liveness.Judge(after.WithoutRungSince(before), look.Sample with { At = look.Now + 2 * Sweep }, Options, look.Now + 2 * Sweep, Sweep);
        Assert.Equal([StallStep.Nudge, StallStep.Nudge], new[] { first, second }.Select(v => Assert.IsType<LivenessVerdict.Stalled>(v).Step));
    }

    [Fact]
    public void An_empty_ladder_only_says_so()
    {
        var look = new Look { Options = Options with { OnStall = [] } };
        Assert.Null(Assert.IsType<LivenessVerdict.Stalled>(look.AfterSilence(40)).Step);
    }

    [Fact]
    public void A_dead_process_is_dead_and_says_why() => Assert.Equal("process gone: pid 17 is another program",
        Assert.IsType<LivenessVerdict.Dead>(new Look().After(Sweep, s => s with { Process = ProcessState.Dead, Why = "pid 17 is another program" })).Evidence[0]);

    [Fact]
    public void A_process_that_cannot_be_probed_is_unknown_for_ever()
    {
        var look = new Look();
        look.After(Sweep, s => s with { Process = ProcessState.Unknown, Why = "EACCES", OutputBytes = null, ParsedEvents = null, SessionFileBytes = null, CpuTicks = null, ChildProcesses = null, ChildSet = null, Head = null });
        Assert.Equal("process: EACCES", Assert.IsType<LivenessVerdict.Unknown>(look.AfterSilence(600)).Reason);
    }

    [Theory]
    [InlineData(true, false, "output cannot be read")]
    [InlineData(false, true, "cpu cannot be read")]
    public void Silence_where_nobody_could_listen_is_unknown(bool noOutput, bool noCpu, string reason)
    {
        var look = new Look();
        look.After(Sweep, s => s with { OutputBytes = noOutput ? null : s.OutputBytes, CpuTicks = noCpu ? null : s.CpuTicks });
        Assert.Equal(reason, Assert.IsType<LivenessVerdict.Unknown>(look.AfterSilence(60)).Reason);
    }

    [Fact]
    public void A_probe_that_works_again_shows_what_moved_meanwhile()
    {
        var look = new Look();
        look.After(Sweep);
        look.After(Sweep, s => s with { OutputBytes = null });
        look.AfterSilence(20);
        Assert.IsType<LivenessVerdict.Alive>(look.After(Sweep, s => s with { OutputBytes = 200000 }));
    }

    [Fact]
    public void A_probe_that_works_again_and_shows_nothing_proves_the_stall()
    {
        var look = new Look();
        look.After(Sweep);
        look.After(Sweep, s => s with { OutputBytes = null });
        look.AfterSilence(20);
        Assert.IsType<LivenessVerdict.Stalled>(look.After(Sweep, s => s with { OutputBytes = 123456 }));
    }

    [Theory]
    [InlineData(600)]
    [InlineData(14)]
    [InlineData(-60)]
    public void After_a_suspended_machine_or_a_clock_set_back_everyone_gets_the_full_time_again(int minutes)
    {
        var look = new Look();
        look.AfterSilence(14);
        Assert.StartsWith("re-armed", Assert.IsType<LivenessVerdict.Alive>(look.After(TimeSpan.FromMinutes(minutes))).Evidence[0], StringComparison.Ordinal);
        Assert.IsType<LivenessVerdict.Alive>(look.AfterSilence(14));
        Assert.IsType<LivenessVerdict.Stalled>(look.AfterSilence(2));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    [InlineData(-500)]
    public void A_node_whose_clock_is_wrong_is_judged_as_any_other(int minutes)
    {
        var skew = TimeSpan.FromMinutes(minutes);
        var look = new Look { Sample = new RunSample(A1, 1, ProcessState.Alive, "", 1, 1, 1, 1, 0, "", "c", null, T0 + skew, T0 + skew) };
        for (var i = 0; i < 8; i++)
        {
            Assert.IsType<LivenessVerdict.Alive>(look.After(TimeSpan.FromMinutes(1.8), skew: skew));
        }

        Assert.IsType<LivenessVerdict.Stalled>(look.After(Sweep, skew: skew));
    }

    [Fact]
    public void A_node_that_sends_no_new_sample_is_unknown_and_not_stalled()
    {
        var look = new Look();
        look.After(Sweep);
        var (watch, now, verdict) = (look.Watch, look.Now, (LivenessVerdict)new LivenessVerdict.Alive([]));
        for (var i = 0; i < 10; i++)
        {
            now += Sweep;
            (verdict, watch) = Liveness.Judge(watch, look.Sample, Options, now, Sweep);
        }

        Assert.Equal("no new sample for 20m", Assert.IsType<LivenessVerdict.Unknown>(verdict).Reason);
    }

    [Fact]
    public void A_sample_that_comes_late_changes_nothing()
    {
        var look = new Look();
        look.AfterSilence(10);
        var (verdict, watch) = Liveness.Judge(look.Watch, look.Sample with { At = look.Now - TimeSpan.FromSeconds(1), OutputBytes = 1 }, Options, look.Now, Sweep);
        Assert.IsType<LivenessVerdict.Unknown>(verdict);
        Assert.Same(look.Watch, watch);
    }

    [Fact]
    public void A_new_run_begins_with_its_full_time_and_an_older_one_is_not_heard()
    {
        var look = new Look();
        look.AfterSilence(16);
        Assert.IsType<LivenessVerdict.Alive>(look.After(Sweep, s => s with { Run = 2, StartedAt = look.Now }));
        Assert.Equal((2, 0), (look.Watch.Run, look.Watch.Rungs));
        Assert.IsType<LivenessVerdict.Unknown>(look.After(Sweep, s => s with { Run = 1, Process = ProcessState.Dead }));
    }

    [Fact]
    public void A_result_without_an_exit_lingers_after_its_grace()
    {
        var look = new Look();
        look.After(Sweep, s => s with { ResultSeenAt = look.Now });
        Assert.IsType<LivenessVerdict.Alive>(look.After(TimeSpan.FromSeconds(59)));
        Assert.Equal("result 1m ago", Assert.IsType<LivenessVerdict.Lingering>(look.After(TimeSpan.FromSeconds(1))).Evidence[0]);
    }

    static RunSample Silent => new(A1, 1, ProcessState.Alive, "", 0, 0, null, 3, 0, "", null, null, T0, T0);

    [Fact]
    public void A_run_without_any_sign_of_life_has_failed_to_start()
    {
        var look = new Look { Sample = Silent };
        Assert.IsType<LivenessVerdict.Alive>(look.After(TimeSpan.FromSeconds(59)));
        Assert.Equal("no sign of life 1m after its start", Assert.IsType<LivenessVerdict.FailedToStart>(look.After(TimeSpan.FromSeconds(1))).Evidence[0]);
    }

    public static TheoryData<Func<RunSample, RunSample>> SignsOfLife => new()
    {
        s => s with { OutputBytes = 1 }, s => s with { SessionFileBytes = 1 }, s => s with { ChildProcesses = 1 },
    };

    [Theory, MemberData(nameof(SignsOfLife))]
    public void One_sign_of_life_is_a_start(Func<RunSample, RunSample> sign)
    {
        var look = new Look { Sample = Silent };
        Assert.IsType<LivenessVerdict.Alive>(look.After(TimeSpan.FromSeconds(20), sign));
        Assert.IsType<LivenessVerdict.Alive>(look.AfterSilence(10));
    }

    [Fact]
    public void A_busy_start_without_a_word_is_a_start()
    {
        var look = new Look { Sample = Silent };
        look.After(TimeSpan.FromSeconds(20));
        look.After(TimeSpan.FromSeconds(20), s => s with { CpuTicks = 1500 });
        Assert.IsType<LivenessVerdict.Alive>(look.AfterSilence(10));
    }

    [Fact]
    public void A_start_whose_output_cannot_be_read_has_not_failed()
    {
        var look = new Look { Sample = Silent with { OutputBytes = null } };
        Assert.IsType<LivenessVerdict.Unknown>(look.After(TimeSpan.FromSeconds(90)));
    }

    [Fact]
    public void Before_a_stalled_run_is_ended_its_evidence_is_checked_again()
    {
        var look = new Look();
        look.AfterSilence(16);
        var fresh = look.Sample with { At = look.Now.AddSeconds(1) };
        Assert.True(Liveness.StillStalled(look.Watch, fresh, Options));
        Assert.False(Liveness.StillStalled(look.Watch, fresh with { OutputBytes = 123457 }, Options));
        Assert.False(Liveness.StillStalled(look.Watch, fresh with { CpuTicks = 9100 }, Options));
        Assert.False(Liveness.StillStalled(look.Watch, fresh with { CpuTicks = null }, Options));
        Assert.False(Liveness.StillStalled(look.Watch, fresh with { Run = 2 }, Options));
        Assert.False(Liveness.StillStalled(look.Watch, fresh with { Process = ProcessState.Unknown }, Options));
    }

    [Fact]
    public void The_evidence_says_when_each_signal_moved_last()
    {
        var look = new Look();
        look.After(Sweep, s => s with { Head = null, SessionFileBytes = null });
        look.After(TimeSpan.FromSeconds(108), s => s with { OutputBytes = 130000 });
        look.AfterSilence(14);
        var verdict = Assert.IsType<LivenessVerdict.Alive>(look.After(TimeSpan.FromSeconds(12)));
        Assert.Equal(["output 14m12s ago (130000 bytes)", "events not since watched (80)", "session unknown", "cpu not since watched (9000 ticks)",
            "children not since watched (1)", "commits unknown"], verdict.Evidence);
    }
}
