using Supervisor.Actors.Fleet;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Fleet;

public sealed class FleetStateTests
{
    private static AgentSpec Spec(string id, Func<AgentOptions, AgentOptions>? change = null)
    {
        var options = new AgentOptions { Id = id, Kind = AgentKind.Command };
        return new AgentSpec(change?.Invoke(options) ?? options, "", "", "");
    }

    private static FleetState Fleet(params AgentSpec[] specs)
    {
        var state = new FleetState { Specs = [.. specs], Dependents = FleetState.DependentsOf(specs) }.With("n1", "agents");
        return state.Release(specs);
    }

    private static AgentStatus Status(string id, AgentPhase phase, string? node = "n1") => new()
    {
        Id = new AgentId(id),
        Name = "",
        Kind = AgentKind.Command,
        State = phase,
        Reason = "",
        Run = 1,
        Node = node,
        Pid = phase is AgentPhase.Running ? 7 : null,
    };

    private static AgentSpec Dependent(OnDependencyLost policy) => Spec("A2", o => o with { After = ["A1"], OnDependencyLost = policy });

    /// <summary>A1 has run once and A2 beside it; now A1 is gone.</summary>
    private static Wish AfterTheLoss(OnDependencyLost policy)
    {
        var (a1, a2) = (Spec("A1"), Dependent(policy));
        return Fleet(a1, a2).Announce(Status("A1", AgentPhase.Running)).Release([a2]).Announce(Status("A2", AgentPhase.Running))
            .Announce(Status("A1", AgentPhase.CrashLoop)).Release([a2]).Want(a2);
    }

    [Fact]
    public void A_disabled_agent_is_held() => Assert.Equal(Hold.Disabled, Fleet().Want(Spec("A1", o => o with { Enabled = false })).Hold);

    [Theory]
    [InlineData(0, Hold.None)]
    [InlineData(1, Hold.None)]
    [InlineData(2, Hold.Phase)]
    public void An_agent_runs_in_its_phases(int phase, Hold hold) =>
        Assert.Equal(hold, (Fleet() with { Phase = phase }).Want(Spec("A1", o => o with { Phases = [1, 3] })).Hold);

    [Fact]
    public void An_agent_waits_until_those_before_it_run()
    {
        var (a1, a2) = (Spec("A1"), Dependent(OnDependencyLost.Ignore));
        var fleet = Fleet(a1, a2);
        Assert.Equal((Hold.After, "waits for A1"), (fleet.Want(a2).Hold, fleet.Want(a2).Text));
        Assert.Equal(Hold.After, fleet.Announce(Status("A1", AgentPhase.Starting)).Want(a2).Hold);
        Assert.Equal(Hold.None, fleet.Announce(Status("A1", AgentPhase.Running)).Want(a2).Hold);
    }

    [Fact]
    public void One_that_has_completed_holds_nobody_back()
    {
        var a2 = Dependent(OnDependencyLost.Ignore);
        Assert.Equal(Hold.None, Fleet(Spec("A1"), a2).Announce(Status("A1", AgentPhase.Completed)).Want(a2).Hold);
    }

    [Fact]
    public void A_lost_dependency_is_ignored_where_that_is_asked_for() =>
        Assert.Equal(new Wish(Hold.None, "", "n1"), AfterTheLoss(OnDependencyLost.Ignore));

    [Fact]
    public void A_lost_dependency_holds_its_dependent_until_it_is_back() =>
        Assert.Equal(new Wish(Hold.Dependency, "waits for A1", "n1"), AfterTheLoss(OnDependencyLost.Restart));

    [Fact]
    public void A_lost_dependency_stops_its_dependent() =>
        Assert.Equal(new Wish(Hold.None, "dependency A1", "n1") { StopNow = true }, AfterTheLoss(OnDependencyLost.Stop));

    [Fact]
    public void An_agent_stays_where_it_was()
    {
        var a1 = Spec("A1");
        Assert.Equal("n2", Fleet(a1, Spec("A2"), Spec("A3")).With("n2", "agents")
            .Announce(Status("A1", AgentPhase.Pending, "n2")).Announce(Status("A2", AgentPhase.Running, "n2")).Want(a1).Node);
    }

    [Fact]
    public void A_new_agent_goes_where_the_fewest_are() =>
        Assert.Equal("n2", Fleet(Spec("A1"), Spec("A2")).With("n2", "agents").Announce(Status("A1", AgentPhase.Running)).Want(Spec("A2")).Node);

    [Fact]
    public void A_new_fleet_is_spread_before_any_agent_has_answered()
    {
        AgentSpec[] specs = [Spec("A1"), Spec("A2"), Spec("A3"), Spec("A4")];
        var state = Fleet(specs).With("n2", "agents");
        foreach (var spec in specs) state = state.Told(new AgentId(spec.Options.Id), state.Want(spec));
        Assert.Equal(["n1", "n2", "n1", "n2"], specs.Select(s => state.Want(s).Node));
    }

    [Theory]
    [InlineData("any", "n1")]
    [InlineData("n2", "n2")]
    [InlineData("role=gpu", "n2")]
    [InlineData("role=tpu", null)]
    [InlineData("n9", null)]
    public void The_rule_for_nodes_is_obeyed(string rule, string? node)
    {
        var wish = Fleet().With("n2", "agents", "gpu").Want(Spec("A1", o => o with { Node = rule }));
        Assert.Equal((node, node is null ? Hold.Place : Hold.None), (wish.Node, wish.Hold));
    }

    [Fact]
    public void A_node_without_the_role_gets_no_agent() => Assert.Equal(Hold.Place, new FleetState().With("n1", "control").Want(Spec("A1")).Hold);

    [Fact]
    public void An_agent_of_a_draining_node_is_held_until_it_has_ended_and_then_goes_elsewhere()
    {
        var a1 = Spec("A1");
        var state = Fleet(a1).With("n2", "agents").Announce(Status("A1", AgentPhase.Running));
        state = state with { Draining = state.Draining.SetItem("n1", "upgrade") };
        Assert.Equal((Hold.Drain, "node n1: upgrade"), (state.Want(a1).Hold, state.Want(a1).Text));
        Assert.Equal((Hold.None, "n2"), (state.Announce(Status("A1", AgentPhase.Pending)).Want(a1).Hold, state.Announce(Status("A1", AgentPhase.Pending)).Want(a1).Node));
        Assert.Empty(state.Leave("n1").Draining);
    }
}

internal static class FleetStates
{
    public static FleetState With(this FleetState state, string node, params string[] roles) =>
        state with { Nodes = state.Nodes.SetItem(node, new FleetNode(node, [.. roles])) };
}
