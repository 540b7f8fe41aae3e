using Supervisor.Actors.Agents;
using Supervisor.Actors.Common;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using static Supervisor.Messages.Agents.AgentProtocol;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Tests.Agents;

public sealed class HeldAfterStopTests
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly AgentId A1 = new("A1");
    private static readonly AgentSpec Spec = new(new AgentOptions { Id = "A1", Kind = AgentKind.Command }, "", "start-1", "all-1");

    private static readonly AgentState Running = (new AgentState { Id = A1 } with { Spec = Spec, Place = "n1" })
        .Apply(new RunDecided(A1, 1, 1, "n1", null, "start-1", "first start", T0))
        .Apply(new AgentStarted(A1, 1, 4242, false, T0, T0));

    [Theory]
    [InlineData(Hold.Drain, AgentPhase.Pending)]
    [InlineData(Hold.Phase, AgentPhase.Pending)]
    [InlineData(Hold.Disabled, AgentPhase.Disabled)]
    public void An_agent_stopped_for_a_hold_waits_and_starts_again_when_nothing_holds_it(Hold hold, AgentPhase waits)
    {
        var held = Do(Do(Running, s => s.Decide(new Configure(A1, Spec, hold, "held", null), T0)),
            s => s.Decide(new RunEnded(A1, new RunExit(1, null, 15, EndedBy.Supervisor, "graceful", T0)), T0, 0.5));
        Assert.Equal((waits, hold), (held.Phase, held.Hold));
        Assert.Null(held.Stopping);

        var again = Do(held, s => s.Decide(new Configure(A1, Spec, Hold.None, "", "n1"), T0));
        Assert.Equal((AgentPhase.Starting, 2L), (again.Phase, again.Run));
    }

    [Fact]
    public void A_hold_on_a_living_run_is_remembered_until_it_has_ended() =>
        Assert.Equal(AgentPhase.Stopping, Do(Running, s => s.Decide(new Configure(A1, Spec, Hold.Drain, "held", null), T0)).Phase);

    private static AgentState Do(AgentState state, Func<AgentState, Decision<IEvent>> decide) =>
        Assert.IsType<Decision<IEvent>.Accept>(decide(state)).Events.Aggregate(state, (s, e) => s.Apply(e));
}
