using Supervisor.Actors.Agents;
using Supervisor.Actors.Common;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using static Supervisor.Messages.Agents.AgentProtocol;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Tests.Agents;

public sealed class SuspectRunTests
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly AgentId A1 = new("A1");

    private static readonly AgentState Suspect = new AgentState { Id = A1 }
        .Apply(new RunDecided(A1, 1, 1, "n2", null, "start-1", "first start", T0))
        .Apply(new AgentStarted(A1, 1, 4242, Adopted: true, T0, T0))
        .Apply(new AgentSuspect(A1, 1, "n2", T0));

    [Fact]
    public void A_suspect_run_that_is_found_alive_runs_again()
    {
        var decision = Assert.IsType<Decision<IEvent>.Accept>(Suspect.Decide(new RunBegan(A1, 1, 4242, Adopted: true, T0), T0));
        Assert.Equal(AgentPhase.Running, Suspect.Apply(Assert.Single(decision.Events)).Phase);
    }

    [Fact]
    public void A_suspect_run_that_has_ended_meanwhile_is_decided_like_any_other()
    {
        var state = Suspect with { Spec = new AgentSpec(new AgentOptions { Id = "A1", Kind = AgentKind.Command }, "", "start-1", "all-1") };
        var decision = Assert.IsType<Decision<IEvent>.Accept>(state.Decide(new RunEnded(A1, new RunExit(1, 1, null, EndedBy.Agent, "crashed", T0.AddMinutes(1))), T0.AddHours(1), 0.5));
        Assert.Equal(AgentPhase.Backoff, decision.Events.Aggregate(state, (s, e) => s.Apply(e)).Phase);
    }

    [Fact]
    public void Nobody_starts_a_second_copy_of_a_suspect_run() =>
        Assert.IsType<Decision<IEvent>.Reject>((Suspect with { Spec = new AgentSpec(new AgentOptions { Id = "A1" }, "", "", "") }).Decide(new Start(A1, "api"), T0));

    [Fact]
    public void A_wish_for_another_place_leaves_a_suspect_run_alone() =>
        Assert.Empty(Assert.IsType<Decision<IEvent>.Accept>(Suspect.Decide(new Configure(A1, new AgentSpec(new AgentOptions { Id = "A1" }, "", "", ""), Hold.None, "", "n1"), T0)).Events);
}
