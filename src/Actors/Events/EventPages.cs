using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Events;

/// <summary>A page of the log: from its files, then from what is not on disk yet.</summary>
public static class EventPages
{
    public static EventLogProtocol.Events Read(IEventFiles files, IReadOnlyList<EventEntry> pending, long last, EventLogProtocol.GetEvents query)
    {
        var items = new List<EventEntry>();
        var seen = query.After;

        // An entry that is written while we read comes from both: the number tells.
        foreach (var entry in files.Read(query.After).Concat(pending).Where(e => e.Seq <= last))
        {
            if (entry.Seq <= seen)
            {
                continue;
            }

            if (items.Count == query.Limit)
            {
                return new EventLogProtocol.Events(items, seen, End: false);
            }

            seen = entry.Seq;
            if (query.Filter.Matches(entry))
            {
                items.Add(entry);
            }
        }

        return new EventLogProtocol.Events(items, Math.Max(seen, last), End: true);
    }
}
