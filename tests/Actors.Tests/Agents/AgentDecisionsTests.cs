using Supervisor.Messages.Agents;
using Supervisor.Messages.Watchdog;
using static Supervisor.Actors.Tests.Agents.Scene;
using static Supervisor.Messages.Agents.AgentProtocol;

namespace Supervisor.Actors.Tests.Agents;

/// <summary>Commands of a person, and the ends of runs.</summary>
public sealed class AgentDecisionsTests
{
    private static Scene CrashLooping() => Running(new RestartOptions { CrashLoop = new CrashLoopOptions { Failures = 1, RetryEvery = TimeSpan.Zero } }).Ended(1);

    [Fact]
    public void A_first_wish_decides_run_1_on_its_node()
    {
        var run = Assert.IsType<RunDecided>(Assert.Single(Configured().Last));
        Assert.Equal((1L, 1L, "n1", "first start"), (run.Run, run.Epoch, run.Node, run.Reason));
    }

    [Fact]
    public void A_wish_that_says_nothing_new_changes_nothing() => Assert.Empty(Running().Wish().Last);

    [Fact]
    public void A_start_of_a_running_agent_changes_nothing() => Assert.Equal((null, 0), (Running().Start().Refused, Running().Start().Last.Count));

    [Fact]
    public void Two_stops_are_one_stop()
    {
        var scene = Running().Stop();
        Assert.Equal(AfterStop.Stay, Assert.IsType<StopDecided>(Assert.Single(scene.Last)).Then);
        Assert.Empty(scene.Stop().Last);
        Assert.Equal(AgentPhase.Stopped, scene.Ended(0).State.Phase);
    }

    [Fact]
    public void Ten_restarts_are_one_stop_and_one_further_run()
    {
        var scene = Running();
        var stops = Enumerable.Range(0, 10).Sum(_ => scene.Restart().Last.Count);
        Assert.Equal(1, stops);
        Assert.Equal((2L, AgentPhase.Starting), (scene.Ended(0).State.Run, scene.State.Phase));
    }

    [Fact]
    public void A_stop_while_it_restarts_wins() => Assert.Equal(AgentPhase.Stopped, Running().Restart().Stop().Ended(0).State.Phase);

    [Fact]
    public void A_start_while_it_stops_wins() => Assert.Equal((2L, AgentPhase.Starting), (Running().Stop().Start().Ended(0).State.Run, AgentPhase.Starting));

    [Fact]
    public void A_stop_during_the_backoff_cancels_the_start()
    {
        var scene = Running().Ended(1).Stop();
        Assert.Equal((AgentPhase.Stopped, (DateTimeOffset?)null), (scene.State.Phase, scene.State.NextStartAt));
        Assert.Empty(scene.After(60).Due().Last);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_person_starts_a_crash_looping_agent_at_once_and_forgives(bool restart)
    {
        var scene = CrashLooping();
        Assert.Equal(AgentPhase.CrashLoop, scene.State.Phase);
        scene = restart ? scene.Restart() : scene.Start();
        Assert.Equal((2L, 0), (scene.State.Run, scene.State.History.Failures));
    }

    [Fact]
    public void What_rests_is_not_started_by_a_wish() => Assert.Empty(Stopped().Wish().Last);

    [Fact]
    public void A_failure_waits_and_its_time_starts_the_next_run()
    {
        var scene = Running().Ended(1);
        Assert.Equal((AgentPhase.Backoff, T0.AddSeconds(1)), (scene.State.Phase, scene.State.NextStartAt));
        Assert.Equal(2, scene.After(1).Due().State.Run);
    }

    [Fact]
    public void A_restart_without_delay_is_one_write_with_its_plan() =>
        Assert.Equal([typeof(AgentExited), typeof(RestartPlanned), typeof(RunDecided)], Running(new RestartOptions { Initial = TimeSpan.Zero, Jitter = 0 }).Ended(1).Last.Select(e => e.GetType()));

    [Fact]
    public void A_program_that_cannot_start_counts_as_a_failure() =>
        Assert.Equal((AgentPhase.Backoff, 1), (Configured().DidNotBegin().State.Phase, Configured().DidNotBegin().State.History.Failures));

    [Fact]
    public void A_run_that_vanished_is_no_failure() =>
        Assert.Equal((AgentPhase.Backoff, 0), (Running().Vanished().State.Phase, Running().Vanished().State.History.Failures));

    [Fact]
    public void A_rate_limit_is_waited_for()
    {
        var scene = Running().Limited(T0.AddMinutes(5)).Ended(1);
        Assert.Equal((AgentPhase.Waiting, T0.AddMinutes(5)), (scene.State.Phase, Assert.IsType<WaitPlanned>(scene.Last[^1]).Until));
    }

    [Fact]
    public void News_of_an_older_run_is_dropped()
    {
        var scene = Running().Ended(1).After(1).Due();
        foreach (var late in new Func<Scene>[] { () => scene.Began(1), () => scene.Ended(0, 1), () => scene.Vanished(1), () => scene.DidNotBegin(1), () => scene.Stuck(1), () => scene.Found(LivenessFinding.Stalled, StallStep.Resume, 1) })
        {
            Assert.Empty(late().Last);
        }

        Assert.Equal((2L, AgentPhase.Starting), (scene.State.Run, scene.State.Phase));
    }

    [Fact]
    public void An_end_told_twice_counts_once() => Assert.Empty(Running().Ended(1).Ended(1, 1).Last);

    [Fact]
    public void What_cannot_be_killed_is_stuck_and_gets_no_second_copy()
    {
        var scene = Running().Restart().Stuck();
        Assert.Equal(AgentPhase.Stuck, scene.State.Phase);
        Assert.Contains("second copy", scene.Start().Refused);
        Assert.NotNull(scene.Restart().Refused);
        Assert.NotNull(scene.Stop().Refused);
        Assert.Empty(scene.Due().Last);
        Assert.Equal((1L, AgentPhase.Stuck), (scene.Wish(Hold.Disabled, "disabled").State.Run, scene.State.Phase));
        Assert.Equal((1L, AgentPhase.Stuck), (scene.Wish().Began(adopted: true).State.Run, scene.State.Phase));
        Assert.Equal(2, scene.Ended(137).State.Run);
    }

    [Fact]
    public void What_may_live_on_a_lost_node_is_not_started_and_runs_again_once_it_is_found()
    {
        var scene = Running().Suspect();
        Assert.NotNull(scene.Start().Refused);
        Assert.Empty(scene.Wish(node: "n2").Last);
        Assert.Equal((1L, AgentPhase.Running), (scene.Began().State.Run, scene.State.Phase));
    }

    [Fact]
    public void Done_and_not_gone_is_ended_as_the_policy_says()
    {
        var scene = Running(new RestartOptions { Policy = RestartWhen.OnFailure }).Result(true).Found(LivenessFinding.Lingering);
        Assert.Equal(AfterStop.Complete, scene.State.Stopping?.Then);
        Assert.Equal(AgentPhase.Completed, scene.Ended(143).State.Phase);
    }

    [Fact]
    public void A_stalled_run_is_ended_and_its_session_resumed()
    {
        var scene = Running().Session("s1").Found(LivenessFinding.Stalled, StallStep.Resume).Ended(143);
        Assert.Equal(AgentPhase.Backoff, scene.State.Phase);
        Assert.Equal("s1", Assert.IsType<RunDecided>(scene.After(600).Due().Last[^1]).Session);
    }

    [Fact]
    public void A_nudge_that_works_ends_the_stall() =>
        Assert.Equal(AgentPhase.Running, Running().Found(LivenessFinding.Stalled, StallStep.Nudge).Found(LivenessFinding.Alive).State.Phase);

    [Fact]
    public void A_changed_start_shows_as_pending_until_the_next_run()
    {
        var scene = Running().Wish(spec: Spec(hash: "h2"));
        Assert.True(scene.State.ToStatus().ChangePending);
        Assert.False(scene.Restart().Ended(0).State.ToStatus().ChangePending);
    }

    [Fact]
    public void Another_node_is_another_epoch()
    {
        var run = Assert.IsType<RunDecided>(Running().Ended(1).After(1).Wish(node: "n2").Due().Last[^1]);
        Assert.Equal(("n2", 2L), (run.Node, run.Epoch));
    }
}
