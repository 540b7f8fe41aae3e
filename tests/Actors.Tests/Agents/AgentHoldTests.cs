using Supervisor.Messages.Agents;
using static Supervisor.Actors.Tests.Agents.Scene;
using static Supervisor.Messages.Agents.AgentProtocol;

namespace Supervisor.Actors.Tests.Agents;

/// <summary>What the fleet's wishes do to an agent in each of its phases.</summary>
public sealed class AgentHoldTests
{
    [Theory]
    [InlineData(Hold.After)]
    [InlineData(Hold.Place)]
    public void What_only_holds_back_a_start_ends_no_run(Hold hold) => Assert.Empty(Running().Wish(hold, "waits").Last);

    [Theory]
    [InlineData(Hold.Disabled, AgentPhase.Disabled)]
    [InlineData(Hold.Phase, AgentPhase.Pending)]
    [InlineData(Hold.Dependency, AgentPhase.Pending)]
    [InlineData(Hold.Drain, AgentPhase.Pending)]
    public void A_hold_ends_the_run_and_is_waited_out(Hold hold, AgentPhase then)
    {
        var scene = Running().Wish(hold, "because").Ended(0);
        Assert.Equal((then, "because"), (scene.State.Phase, scene.State.Reason));
        Assert.Equal((2L, "no longer held"), (scene.Wish().State.Run, scene.State.Reason));
    }

    [Fact]
    public void A_hold_that_ends_before_the_run_has_ended_costs_no_time() =>
        Assert.Equal((2L, AgentPhase.Starting), Shown(Running().Wish(Hold.Phase, "phase 2").Wish().Ended(0)));

    [Fact]
    public void An_agent_disabled_while_it_restarts_is_not_started() =>
        Assert.Equal((1L, AgentPhase.Disabled), Shown(Running().Restart().Wish(Hold.Disabled, "disabled").Ended(0)));

    [Fact]
    public void A_hold_told_twice_is_written_once()
    {
        var scene = Configured().Wish(Hold.Phase, "phase 2");
        Assert.Empty(scene.Wish(Hold.Phase, "phase 2").Last);
        Assert.Empty(scene.Ended(0).Wish(Hold.Phase, "phase 2").Last);
    }

    [Fact]
    public void A_restart_while_it_waits_for_another_leaves_one_pending_start()
    {
        var scene = new Scene().Wish(Hold.After, "waits for A0").Restart();
        Assert.Equal((null, 0), (scene.Refused, scene.Last.Count));
        Assert.Equal((1L, AgentPhase.Starting), Shown(scene.Wish()));
    }

    [Fact]
    public void A_start_of_a_stopped_agent_that_is_held_begins_when_the_hold_ends()
    {
        var scene = Stopped().Wish(Hold.After, "waits for A0").Start();
        Assert.Equal(AgentPhase.Pending, scene.State.Phase);
        Assert.Equal((2L, AgentPhase.Starting), Shown(scene.Wish()));
    }

    [Fact]
    public void A_stopped_agent_stays_stopped_when_a_hold_ends() =>
        Assert.Equal((1L, AgentPhase.Stopped), Shown(Stopped().Wish(Hold.Phase, "phase 2").Wish()));

    [Fact]
    public void A_disabled_agent_is_not_started_by_a_person() => Assert.Contains("enabled: true", new Scene().Wish(Hold.Disabled, "disabled").Start().Refused);

    [Fact]
    public void The_end_of_a_hold_does_not_cut_a_rate_limit_short()
    {
        var scene = Running().Limited(T0.AddHours(1)).Ended(1).Wish(Hold.Dependency, "waits for A0");
        Assert.Equal(AgentPhase.Waiting, scene.State.Phase);
        Assert.Equal((1L, AgentPhase.Waiting), Shown(scene.Wish()));
        Assert.Equal((2L, AgentPhase.Starting), Shown(scene.After(7200).Due()));
    }

    [Fact]
    public void A_planned_start_that_is_held_when_its_time_comes_waits_for_the_end_of_the_hold()
    {
        var scene = Running().Ended(1).Wish(Hold.Dependency, "waits for A0").After(1).Due();
        Assert.Equal((1L, AgentPhase.Pending), Shown(scene));
        Assert.Equal((2L, AgentPhase.Starting), Shown(scene.Wish()));
    }

    [Fact]
    public void A_planned_start_that_is_held_survives_a_clock_set_back() =>
        Assert.Equal((1L, AgentPhase.Pending), Shown(Running().Ended(1).Wish(Hold.Dependency, "waits for A0").After(-100).Due()));

    [Fact]
    public void A_crash_loop_that_needs_a_person_is_not_ended_by_a_hold()
    {
        var loop = Running(new RestartOptions { CrashLoop = new CrashLoopOptions { Failures = 1, RetryEvery = TimeSpan.Zero } }).Ended(1);
        Assert.Equal((1L, AgentPhase.CrashLoop), Shown(loop.Wish(Hold.Dependency, "waits for A0").Wish()));
        Assert.Equal(AgentPhase.Pending, loop.Wish(Hold.Dependency, "waits for A0").Start().State.Phase);
        Assert.Equal((2L, AgentPhase.Starting), Shown(loop.Wish()));
    }

    [Fact]
    public void Nowhere_to_run_is_said()
    {
        var held = Assert.IsType<AgentHeld>(Assert.Single(Stopped().Wish(node: null).Start().Last.OfType<AgentHeld>()));
        Assert.Equal((Hold.Place, "no node fits `node: any`"), (held.Hold, held.Text));
    }

    [Fact]
    public void A_removed_agent_is_ended_and_forgotten() =>
        Assert.IsType<AgentRemoved>(Running().Remove().Ended(0).Last[^1]);

    [Fact]
    public void A_removed_agent_that_a_person_stops_meanwhile_is_forgotten_too() =>
        Assert.IsType<AgentRemoved>(Running().Remove().Stop().Ended(0).Last[^1]);

    [Fact]
    public void An_agent_removed_and_added_again_runs_again() =>
        Assert.Equal((2L, AgentPhase.Starting), Shown(Running().Remove().Ended(0).Wish()));

    [Fact]
    public void An_agent_added_again_before_it_has_ended_runs_again() =>
        Assert.Equal((2L, AgentPhase.Starting), Shown(Running().Remove().Wish().Ended(0)));

    private static (long, AgentPhase) Shown(Scene scene) => (scene.State.Run, scene.State.Phase);
}
