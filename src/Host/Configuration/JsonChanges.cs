using System.Text.Json.Nodes;

namespace Supervisor.Host.Configuration;

/// <summary>The paths at which two canonical documents differ. Items with an id are known by it; any other list is one value.</summary>
internal static class JsonChanges
{
    public static IReadOnlyList<string> Between(JsonNode? before, JsonNode? after)
    {
        var paths = new List<string>();
        Compare(before, after, "", paths);
        return paths;
    }

    private static void Compare(JsonNode? before, JsonNode? after, string path, List<string> paths)
    {
        if (Keyed(before) is { } old && Keyed(after) is { } now)
        {
            foreach (var key in old.Keys.Concat(now.Keys.Where(k => !old.ContainsKey(k))))
            {
                var child = path.Length == 0 ? key : $"{path}.{key}";
                if (!now.TryGetValue(key, out var value))
                {
                    paths.Add(child + " (removed)");
                }
                else if (!old.TryGetValue(key, out var was))
                {
                    paths.Add(child + " (added)");
                }
                else
                {
                    Compare(was, value, child, paths);
                }
            }
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            paths.Add(path);
        }
    }

    private static Dictionary<string, JsonNode?>? Keyed(JsonNode? node) => node switch
    {
        JsonObject o => o.ToDictionary(e => e.Key, e => e.Value),
        JsonArray a when a.All(i => i is JsonObject o && o["id"] is not null) => a.ToDictionary(i => i!["id"]!.GetValue<string>()),
        _ => null,
    };
}
