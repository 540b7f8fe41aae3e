using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Supervisor.Actors.Outside;

/// <summary>
/// Akka's scheduler without a turning wheel: one thread that sleeps until the next thing is due. An idle daemon is not woken; what is due
/// happens never early, and in the order of the times it was planned for.
/// </summary>
/// <remarks>Not the runtime's timers: their coarse clock wakes them several times for each thing.</remarks>
public sealed class TicklessScheduler : SchedulerBase, IDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    // Waited on, and not a semaphore, which would spin before each sleep.
    private readonly object _lock = new();
    private readonly PriorityQueue<Planned, (TimeSpan Due, long Order)> _planned = new();
    private readonly long _zero = Stopwatch.GetTimestamp();
    private long _order;
    private bool _stopped;

    public TicklessScheduler(Config config, ILoggingAdapter log) : base(config, log) =>
        new Thread(Run) { IsBackground = true, Name = "scheduler" }.Start();

    private sealed record Planned(TimeSpan? Every, Action Action, ICancelable? Cancelable);

    protected override DateTimeOffset TimeNow => DateTimeOffset.UtcNow;
    public override TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(_zero);
    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Plan(delay, null, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Plan(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Plan(delay, null, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => Plan(delay, null, action.Run, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Plan(initialDelay, interval, action, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Plan(initialDelay, interval, action.Run, cancelable);

    /// <summary>Nothing that is planned happens any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            _planned.Clear();
            Monitor.Pulse(_lock);
        }
    }

    private void Plan(TimeSpan delay, TimeSpan? every, Action action, ICancelable? cancelable) =>
        Enqueue(MonotonicClock + delay, new Planned(every, action, cancelable));

    private void Enqueue(TimeSpan due, Planned planned)
    {
        lock (_lock)
        {
            if (_stopped) return;
            if (!_planned.TryPeek(out _, out var next) || due < next.Due) Monitor.Pulse(_lock);
            _planned.Enqueue(planned, (due, _order++));
        }
    }

    private void Run()
    {
        while (Next() is var (planned, due)) Do(planned, due);
    }

    /// <summary>Sleeps until something is due; null: stopped.</summary>
    private (Planned Planned, TimeSpan Due)? Next()
    {
        lock (_lock)
        {
            while (!_stopped)
            {
                var sleep = LongestSleep;
                if (_planned.TryPeek(out var planned, out var next) && (sleep = next.Due - MonotonicClock) <= TimeSpan.Zero)
                {
                    _planned.Dequeue();
                    return (planned, next.Due);
                }

                // Rounded up: what wakes a moment early would only have to sleep again.
                Monitor.Wait(_lock, (int)Math.Ceiling(Math.Min(sleep.TotalMilliseconds, LongestSleep.TotalMilliseconds)));
            }

            return null;
        }
    }

    private void Do(Planned planned, TimeSpan due)
    {
        if (planned.Cancelable is { IsCancellationRequested: true }) return;
        try
        {
            planned.Action();
        }
        catch (Exception e)
        {
            Log.Error(e, "A scheduled action failed");
        }

        // Kept to its rhythm; beats that were missed, as in a suspended machine, are not made up for.
        if (planned.Every is { } every) Enqueue(due + every is var next && next > MonotonicClock ? next : MonotonicClock + every, planned);
    }
}
