using Supervisor.Actors.Watchdog;

namespace Supervisor.Actors.Tests.Watchdog;

public sealed class MassDeathTests
{
    static LivenessVerdict[] Fleet(int dead, int stalled, int alive, int unknown = 0) =>
    [
        .. Enumerable.Repeat(new LivenessVerdict.Dead([]), dead),
        .. Enumerable.Repeat(new LivenessVerdict.Stalled(null, TimeSpan.Zero, []), stalled),
        .. Enumerable.Repeat(new LivenessVerdict.Alive([]), alive),
        .. Enumerable.Repeat(new LivenessVerdict.Unknown("", []), unknown),
    ];

    [Theory]
    [InlineData(3, 2, 4, 0)]
    [InlineData(200, 0, 0, 0)]
    [InlineData(0, 6, 3, 2)]
    public void Many_at_once_and_more_than_the_share_make_the_sweep_suspect(int dead, int stalled, int alive, int unknown) =>
        Assert.Equal($"{dead + stalled} of {dead + stalled + alive + unknown} agents look dead or stalled in one sweep", MassDeath.Suspect(Fleet(dead, stalled, alive, unknown), 5, 0.5));

    [Theory]
    [InlineData(4, 0, 0)] // a small fleet may die
    [InlineData(5, 0, 5)] // exactly the share is not more than it
    [InlineData(3, 3, 100)]
    [InlineData(0, 0, 0)]
    public void Few_or_a_minority_may_be_believed(int dead, int stalled, int alive) => Assert.Null(MassDeath.Suspect(Fleet(dead, stalled, alive), 5, 0.5));

    [Fact]
    public void Starts_that_failed_all_at_once_are_suspect_too() =>
        Assert.NotNull(MassDeath.Suspect([.. Enumerable.Repeat(new LivenessVerdict.FailedToStart([]), 5)], 5, 0.5));
}
