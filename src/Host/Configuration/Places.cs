using Supervisor.Host.Configuration.Yaml;

namespace Supervisor.Host.Configuration;

/// <summary>Where every bound record and each of its keys stands, for rules that are checked after binding.</summary>
internal sealed class Places
{
    private sealed record Place(YamlMap Map, IReadOnlyDictionary<string, YamlEntry> Keys);

    // By identity: two agents that are written alike are still two places.
    private readonly Dictionary<object, Place> _places = new(ReferenceEqualityComparer.Instance);

    private readonly HashSet<(object, string)> _bad = new(new ByIdentity());

    public void Add(object record, YamlMap map) => _places[record] = new(map, map.Entries.ToDictionary(e => e.Key.Value));

    public Position Of(object record) => _places[record].Map.At;

    /// <summary>The value of the key, or the record when the file does not name the key.</summary>
    public Position Of(object record, string key) => _places[record].Keys.TryGetValue(key, out var entry) ? entry.Value.At : Of(record);

    /// <summary>One item of a list; the list, where that has no such item.</summary>
    public Position Of(object record, string key, int item) =>
        _places[record].Keys.TryGetValue(key, out var entry) && entry.Value is YamlList list && item < list.Items.Count ? list.Items[item].At : Of(record, key);

    /// <summary>As <see cref="Of(object,string)"/>, but never the place of an anchor that this record only merged.</summary>
    public Position Own(object record, string key) =>
        _places[record].Keys.TryGetValue(key, out var entry) && !entry.Merged ? entry.Value.At : Of(record);

    /// <summary>Whether the file says anything about the key.</summary>
    public bool Has(object record, string key) => _places.TryGetValue(record, out var place) && place.Keys.ContainsKey(key);

    public void MarkBad(object record, string key) => _bad.Add((record, key));

    /// <summary>Whether the key was given wrongly: what follows from its absence is then no second mistake.</summary>
    public bool IsBad(object record, string key) => _bad.Contains((record, key));

    private sealed class ByIdentity : IEqualityComparer<(object Record, string Key)>
    {
        public bool Equals((object Record, string Key) x, (object Record, string Key) y) => ReferenceEquals(x.Record, y.Record) && x.Key == y.Key;
        public int GetHashCode((object Record, string Key) x) => HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(x.Record), x.Key);
    }
}
