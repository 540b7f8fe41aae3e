using System.Text.Json.Nodes;

namespace Supervisor.Host.Configuration;

/// <summary>A difference for a person, and for a script.</summary>
internal static class FleetDiffText
{
    public static void Write(FleetDiff diff, TextWriter output)
    {
        foreach (var agent in diff.Started)
        {
            output.WriteLine($"start      {agent.Id}  ({agent.Reason})");
        }
        foreach (var agent in diff.Stopped)
        {
            output.WriteLine($"stop       {agent.Id}  ({agent.Reason})");
        }
        foreach (var agent in diff.Changed)
        {
            output.WriteLine($"change     {agent.Id}  {string.Join(", ", agent.Keys)}{(agent.NeedsNewRun ? "  (from the next run on)" : "")}");
        }
        foreach (var section in diff.Sections)
        {
            output.WriteLine($"change     {section.Key}{(section.NeedsDaemonRestart ? "  (when the daemon is started again)" : "")}");
        }
        output.WriteLine(diff.IsEmpty ? $"nothing changes; {diff.Unchanged.Count} agents left alone" : $"left alone {diff.Unchanged.Count} agents");
    }

    public static JsonObject Json(FleetDiff diff) => new()
    {
        ["started"] = Array(diff.Started, a => new JsonObject { ["id"] = a.Id, ["reason"] = a.Reason }),
        ["stopped"] = Array(diff.Stopped, a => new JsonObject { ["id"] = a.Id, ["reason"] = a.Reason }),
        ["changed"] = Array(diff.Changed, a => new JsonObject { ["id"] = a.Id, ["keys"] = Array(a.Keys, k => JsonValue.Create(k)), ["needsNewRun"] = a.NeedsNewRun }),
        ["unchanged"] = Array(diff.Unchanged, a => JsonValue.Create(a)),
        ["sections"] = Array(diff.Sections, s => new JsonObject { ["key"] = s.Key, ["needsDaemonRestart"] = s.NeedsDaemonRestart }),
    };

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode> node) => new([.. items.Select(node)]);
}
