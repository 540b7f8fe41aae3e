using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Tests.Outside;

public sealed class TicklessSchedulerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TicklessScheduler _scheduler = new(ConfigurationFactory.Empty, NoLogger.Instance);
    private readonly SemaphoreSlim _ran = new(0);

    private IAdvancedScheduler Advanced => ((IScheduler)_scheduler).Advanced;

    public void Dispose()
    {
        _scheduler.Dispose();
        _ran.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(35)]
    public async Task Nothing_happens_before_its_time(int milliseconds)
    {
        var watch = Stopwatch.StartNew();
        Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(milliseconds), () => _ran.Release());

        Assert.True(await _ran.WaitAsync(Patience));
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(milliseconds), $"ran after {watch.Elapsed}");
    }

    [Fact]
    public async Task What_repeats_keeps_its_rhythm()
    {
        using var cancelable = new Cancelable(Advanced);
        var watch = Stopwatch.StartNew();
        Advanced.ScheduleRepeatedly(TimeSpan.Zero, TimeSpan.FromMilliseconds(5), () => _ran.Release(), cancelable);

        for (var i = 0; i < 20; i++) Assert.True(await _ran.WaitAsync(Patience));
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(95), $"twenty times in {watch.Elapsed}");
        cancelable.Cancel();
    }

    [Fact]
    public async Task What_is_due_earlier_comes_first_whenever_it_was_planned()
    {
        var order = new List<int>();
        // Far apart: the planning itself may be held up on a busy machine.
        foreach (var milliseconds in (int[])[1200, 400, 800])
        {
            Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(milliseconds), () =>
            {
                order.Add(milliseconds);
                _ran.Release();
            });
        }

        for (var i = 0; i < 3; i++) Assert.True(await _ran.WaitAsync(Patience));
        Assert.Equal([400, 800, 1200], order);
    }

    [Fact]
    public async Task What_is_cancelled_does_not_happen()
    {
        var first = false;
        var cancelable = new Cancelable(Advanced);
        Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(500), () => first = true, cancelable);
        cancelable.Cancel();
        // Planned later and for later: by then the other would have run.
        Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(600), () => _ran.Release());

        Assert.True(await _ran.WaitAsync(Patience));
        Assert.False(first);
    }

    [Fact]
    public async Task A_failure_ends_nothing()
    {
        using var cancelable = new Cancelable(Advanced);
        Advanced.ScheduleRepeatedly(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), () =>
        {
            _ran.Release();
            throw new InvalidOperationException("on purpose");
        }, cancelable);

        for (var i = 0; i < 3; i++) Assert.True(await _ran.WaitAsync(Patience));
        cancelable.Cancel();
    }

    [Fact]
    public void A_wait_of_years_can_be_planned()
    {
        using var cancelable = new Cancelable(Advanced);
        Advanced.ScheduleOnce(TimeSpan.FromDays(4000), () => _ran.Release(), cancelable);
        Assert.Equal(0, _ran.CurrentCount);
    }

    [Fact]
    public async Task After_its_end_nothing_happens()
    {
        var late = false;
        var other = new TicklessScheduler(ConfigurationFactory.Empty, NoLogger.Instance);
        ((IScheduler)other).Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(500), () => late = true);
        other.Dispose();
        Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(600), () => _ran.Release());

        Assert.True(await _ran.WaitAsync(Patience));
        Assert.False(late);
    }
}
