using Supervisor.Actors.Repositories;
using Supervisor.Messages.Repositories;

namespace Supervisor.Actors.Tests.Repositories;

public sealed class PushPolicyTests
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static PushHistory Network(int attempts) => new(RefusalClass.Network, false, "c1", attempts, T0);

    [Fact]
    public void What_was_never_refused_is_pushed() => Assert.IsType<PushDecision.Push>(PushPolicy.Decide(null, "c1", T0));

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(4, 80)]
    [InlineData(7, 600)]
    [InlineData(int.MaxValue, 600)]
    public void The_wait_doubles_from_ten_seconds_to_ten_minutes(int attempts, int seconds)
    {
        var until = T0 + TimeSpan.FromSeconds(seconds);
        Assert.Equal(new PushDecision.Wait(until), PushPolicy.Decide(Network(attempts), "c1", until.AddTicks(-1)));
        Assert.IsType<PushDecision.Push>(PushPolicy.Decide(Network(attempts), "c1", until));
    }

    [Fact]
    public void A_new_commit_does_not_mend_the_network() => Assert.IsType<PushDecision.Wait>(PushPolicy.Decide(Network(3), "c2", T0));

    [Fact]
    public void A_permanent_refusal_is_parked_however_long_it_lasts() => Assert.Equal(
        new PushDecision.Parked(RefusalClass.WorkflowScope),
        PushPolicy.Decide(new PushHistory(RefusalClass.WorkflowScope, true, "c1", 1, T0), "c1", T0.AddYears(1)));

    [Theory]
    [InlineData(RefusalClass.WorkflowScope, true)]
    [InlineData(RefusalClass.Unknown, false)]
    public void A_new_commit_is_a_new_question(RefusalClass refusal, bool permanent) =>
        Assert.IsType<PushDecision.Push>(PushPolicy.Decide(new PushHistory(refusal, permanent, "c1", 9, T0), "c2", T0));

    [Fact]
    public void An_unknown_refusal_waits_too() => Assert.IsType<PushDecision.Wait>(PushPolicy.Decide(new PushHistory(RefusalClass.Unknown, false, "c1", 1, T0), "c1", T0));
}
