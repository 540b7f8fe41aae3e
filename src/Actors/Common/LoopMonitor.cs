using System.Collections.Concurrent;

namespace Supervisor.Actors.Common;

/// <param name="By">How long after its due time the loop still has not run.</param>
public sealed record LateLoop(string Name, TimeSpan By);

/// <summary>
/// Knows when each control loop last ran. A loop that beats nothing for twice its period and a second is late: the process
/// lives, and yet nobody watches the fleet.
/// </summary>
public sealed class LoopMonitor
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (TimeSpan Period, DateTimeOffset Last)> _loops = new(StringComparer.Ordinal);

    public void Register(string name, TimeSpan period, DateTimeOffset now) => _loops[name] = (period, now);

    /// <summary>The loop has stopped on purpose, as when a singleton moves to another node.</summary>
    public void Unregister(string name) => _loops.TryRemove(name, out _);

    public void Beat(string name, DateTimeOffset now)
    {
        while (_loops.TryGetValue(name, out var loop) && !_loops.TryUpdate(name, (loop.Period, now), loop))
        {
        }
    }

    public IReadOnlyList<LateLoop> Late(DateTimeOffset now) => [.. Lateness(now).Where(l => l.By > TimeSpan.Zero)];

    /// <summary>Every loop; zero where it is in time.</summary>
    public IReadOnlyList<LateLoop> Lateness(DateTimeOffset now) =>
    [
        .. _loops.OrderBy(l => l.Key, StringComparer.Ordinal)
            .Select(l => (l.Key, By: now - l.Value.Last - (2 * l.Value.Period) - Slack))
            .Select(l => new LateLoop(l.Key, l.By > TimeSpan.Zero ? l.By : TimeSpan.Zero)),
    ];
}
