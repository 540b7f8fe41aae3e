using System.Text.Json.Nodes;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Configuration;

/// <summary>Options and prompt to what an agent's record is told.</summary>
internal static class AgentSpecs
{
    // Read once, when a process starts; everything else takes effect on a running one.
    private static readonly string[] StartKeys = ["kind", "command", "args", "repository", "workspace", "model", "env", "passEnv"];
    private static readonly string[] StartLimits = ["memory", "pids"];

    public static AgentSpec Create(AgentOptions options, string prompt)
    {
        var whole = new JsonObject { ["options"] = OptionsJson.Of(options), ["promptText"] = prompt };
        return new(options, prompt, OptionsJson.Hash(Start(whole)), OptionsJson.Hash(whole));
    }

    /// <summary>Whether a changed key, as <see cref="FleetDiff"/> names it, asks for a new run.</summary>
    public static bool NeedsNewRun(string key) =>
        StartKeys.Any(k => key == k || key.StartsWith(k + ".", StringComparison.Ordinal)) || StartLimits.Any(k => key == "limits." + k) || key == FleetDiff.PromptText;

    private static JsonObject Start(JsonObject whole)
    {
        var options = whole["options"]!;
        var start = new JsonObject { ["promptText"] = whole["promptText"]!.DeepClone() };
        foreach (var key in StartKeys)
        {
            start[key] = options[key]?.DeepClone();
        }
        foreach (var key in StartLimits)
        {
            start["limits." + key] = options["limits"]![key]?.DeepClone();
        }
        return start;
    }
}
