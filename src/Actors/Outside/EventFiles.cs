using System.Globalization;
using Supervisor.Actors.Events;

namespace Supervisor.Actors.Outside;

/// <param name="LastSeq">The last entry that is whole; 0: none.</param>
/// <param name="TornBytes">What was cut off behind it.</param>
public sealed record EventTail(long LastSeq, long TornBytes);

/// <summary>The files of a node's event log.</summary>
public interface IEventFiles
{
    /// <summary>Finds the end, and cuts off a line that a crash tore.</summary>
    EventTail Open();

    /// <summary>All of them or none. Entries that are already there are skipped, so that a doubtful write can be done again.</summary>
    void Append(IReadOnlyList<EventEntry> entries);

    /// <summary>Whole entries after a number, oldest first; may run beside <see cref="Append"/>.</summary>
    IEnumerable<EventEntry> Read(long after);
}

/// <summary><c>events-&lt;first seq&gt;.jsonl</c>: append-only, a new file after <paramref name="segmentBytes"/>, the newest <paramref name="segments"/> kept.</summary>
public sealed class EventFiles(string directory, long segmentBytes = 16 << 20, int segments = 8) : IEventFiles
{
    private readonly Lock _writing = new();
    private string? _current;
    private long _length;
    private long _lastSeq;

    public EventTail Open()
    {
        lock (_writing)
        {
            Directory.CreateDirectory(directory);
            if (Segments() is not [.., var newest])
            {
                return new EventTail(0, 0);
            }

            (_current, _lastSeq, _length) = (newest.Path, newest.First - 1, 0);
            var bytes = File.ReadAllBytes(newest.Path);
            foreach (var (entry, end) in Lines(bytes))
            {
                // A whole line that is no entry any more keeps its place and its number: only a torn one is cut off.
                (_lastSeq, _length) = (entry?.Seq ?? _lastSeq + 1, end);
            }

            if (_length < bytes.Length)
            {
                using var file = File.OpenWrite(newest.Path);
                file.SetLength(_length);
            }

            return new EventTail(_lastSeq, bytes.Length - _length);
        }
    }

    public void Append(IReadOnlyList<EventEntry> entries)
    {
        lock (_writing)
        {
            var fresh = entries.Where(e => e.Seq > _lastSeq).ToList();
            if (fresh.Count == 0)
            {
                return;
            }

            if (_current is null || _length >= segmentBytes)
            {
                Rotate(fresh[0].Seq);
            }

            var lines = new MemoryStream();
            foreach (var entry in fresh)
            {
                lines.Write(EventLines.Write(entry));
                lines.WriteByte((byte)'\n');
            }

            using var file = new FileStream(_current!, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            try
            {
                // A full disk may have left part of an earlier try behind.
                file.SetLength(_length);
                file.Position = _length;
                file.Write(lines.GetBuffer(), 0, (int)lines.Length);
            }
            catch (IOException)
            {
                file.SetLength(_length);
                throw;
            }

            (_length, _lastSeq) = (_length + lines.Length, fresh[^1].Seq);
        }
    }

    public IEnumerable<EventEntry> Read(long after)
    {
        var all = Segments();
        for (var i = 0; i < all.Count; i++)
        {
            if (i + 1 < all.Count && all[i + 1].First <= after + 1)
            {
                continue;
            }

            byte[] bytes;
            try
            {
                bytes = File.ReadAllBytes(all[i].Path);
            }
            catch (FileNotFoundException)
            {
                // Rotated away since it was listed.
                continue;
            }

            foreach (var (entry, _) in Lines(bytes))
            {
                if (entry is not null && entry.Seq > after)
                {
                    yield return entry;
                }
            }
        }
    }

    private void Rotate(long firstSeq)
    {
        Directory.CreateDirectory(directory);
        (_current, _length) = (Path.Combine(directory, $"events-{firstSeq.ToString(CultureInfo.InvariantCulture)}.jsonl"), 0);
        foreach (var old in Segments().SkipLast(segments - 1))
        {
            File.Delete(old.Path);
        }
    }

    private List<(string Path, long First)> Segments()
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        return [.. Directory.EnumerateFiles(directory, "events-*.jsonl").Select(p => (p, FirstSeq(p))).Where(s => s.Item2 >= 0).OrderBy(s => s.Item2)];
    }

    private static long FirstSeq(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path).AsSpan("events-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : -1;

    private static IEnumerable<(EventEntry? Entry, int End)> Lines(byte[] bytes)
    {
        for (var start = 0; start < bytes.Length;)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
            {
                yield break;
            }

            yield return (EventLines.Read(bytes.AsSpan(start, length)), start + length + 1);
            start += length + 1;
        }
    }
}
