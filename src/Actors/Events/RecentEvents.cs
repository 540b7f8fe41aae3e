using System.Globalization;

namespace Supervisor.Actors.Events;

/// <summary>
/// What was logged lately. An agent's record publishes again what it replays, for a crash may have come between its journal and this log;
/// what is here already is not logged twice.
/// </summary>
public sealed class RecentEvents(int limit)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, DateTimeOffset At)> _order = [];

    /// <returns>False: it is known, or too old to tell.</returns>
    public bool Add(EventEntry entry)
    {
        if (entry.Agent is null) return true; // nobody says these again
        if (_order.Count == limit && entry.At < _order.Peek().At) return false;
        var key = string.Create(CultureInfo.InvariantCulture, $"{entry.Agent}|{entry.Run}|{entry.Type}|{entry.At.ToUnixTimeMilliseconds()}|{entry.Data.GetRawText()}");
        if (!_known.Add(key)) return false;
        _order.Enqueue((key, entry.At));
        if (_order.Count > limit) _known.Remove(_order.Dequeue().Key);
        return true;
    }
}
