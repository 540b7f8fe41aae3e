using System.Collections.Immutable;

namespace Supervisor.Actors.Events;

/// <summary>The entries that are numbered and not yet on disk.</summary>
/// <param name="Last">The last number given out.</param>
/// <param name="Dropped">Events refused since the disk was last good, because the buffer was full. They were never numbered, so the numbers have no gap.</param>
public sealed record EventBuffer(long Last, ImmutableList<EventEntry> Pending, long Dropped, string? Degraded)
{
    public const int Capacity = 10_000;
    private const int Batch = 512;

    public static EventBuffer After(long last) => new(last, [], 0, null);

    public bool Full => Pending.Count >= Capacity;

    public EventBuffer Add(EventEntry entry) => this with { Last = entry.Seq, Pending = Pending.Add(entry) };

    public EventBuffer Drop() => this with { Dropped = Dropped + 1 };

    public IReadOnlyList<EventEntry> Next => Pending.GetRange(0, Math.Min(Batch, Pending.Count));

    public EventBuffer Written(long upTo) => this with { Pending = Pending.RemoveAll(e => e.Seq <= upTo), Degraded = null };

    public EventBuffer Failed(string reason) => this with { Degraded = reason };
}
