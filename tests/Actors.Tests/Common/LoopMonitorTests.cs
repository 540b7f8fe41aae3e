using Supervisor.Actors.Common;

namespace Supervisor.Actors.Tests.Common;

public sealed class LoopMonitorTests
{
    private static readonly DateTimeOffset T0 = DateTimeOffset.UnixEpoch;
    private readonly LoopMonitor _loops = new();

    public LoopMonitorTests() => _loops.Register("sweep", TimeSpan.FromSeconds(10), T0);

    [Fact]
    public void A_loop_in_its_rhythm_is_not_late()
    {
        _loops.Beat("sweep", T0.AddSeconds(10));
        Assert.Empty(_loops.Late(T0.AddSeconds(30)));
    }

    [Fact]
    public void A_loop_that_misses_two_turns_is_late_by_what_is_beyond()
    {
        Assert.Equal([new LateLoop("sweep", TimeSpan.FromSeconds(4))], _loops.Late(T0.AddSeconds(25)));
    }

    [Fact]
    public void A_beat_ends_the_lateness()
    {
        _loops.Beat("sweep", T0.AddSeconds(60));
        Assert.Empty(_loops.Late(T0.AddSeconds(61)));
        Assert.Equal([new LateLoop("sweep", TimeSpan.Zero)], _loops.Lateness(T0.AddSeconds(61)));
    }

    [Fact]
    public void A_loop_that_moved_away_is_not_late()
    {
        _loops.Unregister("sweep");
        _loops.Beat("sweep", T0);
        Assert.Empty(_loops.Late(T0.AddDays(1)));
    }
}
