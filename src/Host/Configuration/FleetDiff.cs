using System.Text.Json.Nodes;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Configuration;

/// <param name="Reason">Why the reload would do it: new, enabled, removed, disabled, or the phase.</param>
public sealed record AgentMove(string Id, string Reason);

/// <param name="Keys">What changed, as paths: <c>restart.initial</c>.</param>
/// <param name="NeedsNewRun">The present process cannot take it up; it is applied at the next run.</param>
public sealed record AgentChange(string Id, IReadOnlyList<string> Keys, bool NeedsNewRun);

/// <param name="NeedsDaemonRestart">A reload leaves it as it is until the daemon starts again.</param>
public sealed record SectionChange(string Key, bool NeedsDaemonRestart);

/// <summary>What a reload would start, stop, change, and leave alone. An agent is in exactly one of the four lists.</summary>
public sealed record FleetDiff(
    IReadOnlyList<AgentMove> Started, IReadOnlyList<AgentMove> Stopped, IReadOnlyList<AgentChange> Changed, IReadOnlyList<string> Unchanged,
    IReadOnlyList<SectionChange> Sections)
{
    /// <summary>The key under which a changed prompt is listed, whether its file or its placeholders changed.</summary>
    public const string PromptText = "prompt text";

    // Bound to sockets and files that are opened once.
    private static readonly string[] Fixed = ["node", "http", "cluster", "persistence", "gateway.listen"];

    public bool IsEmpty => Started.Count + Stopped.Count + Changed.Count + Sections.Count == 0;

    public bool NeedsDaemonRestart => Sections.Any(s => s.NeedsDaemonRestart);

    public static FleetDiff Between(LoadedFleet before, LoadedFleet after)
    {
        var was = before.Agents.ToDictionary(a => a.Options.Id);
        var started = new List<AgentMove>();
        var stopped = new List<AgentMove>();
        var changed = new List<AgentChange>();
        var unchanged = new List<string>();
        foreach (var now in after.Agents)
        {
            was.Remove(now.Options.Id, out var old);
            var (ran, runs) = (old?.WantedIn(before.Options.Phase) ?? false, now.WantedIn(after.Options.Phase));
            if (runs && !ran)
            {
                started.Add(new(now.Options.Id, old is null ? "new" : old.Options.Enabled ? $"phase {after.Options.Phase}" : "enabled"));
            }
            else if (ran && !runs)
            {
                stopped.Add(new(now.Options.Id, now.Options.Enabled ? $"phase {after.Options.Phase}" : "disabled"));
            }
            else if (old is null)
            {
                changed.Add(new(now.Options.Id, ["added, not to run"], false));
            }
            else if (old.Hash != now.Hash)
            {
                changed.Add(new(now.Options.Id, Keys(old, now), runs && old.StartHash != now.StartHash));
            }
            else
            {
                unchanged.Add(now.Options.Id);
            }
        }
        stopped.AddRange(was.Values.Where(o => o.WantedIn(before.Options.Phase)).Select(o => new AgentMove(o.Options.Id, "removed")));
        changed.AddRange(was.Values.Where(o => !o.WantedIn(before.Options.Phase)).Select(o => new AgentChange(o.Options.Id, ["removed, was not running"], false)));
        return new(started, stopped, changed, unchanged, SectionKeys(before.Options, after.Options));
    }

    private static string[] Keys(AgentSpec old, AgentSpec now) =>
        [.. JsonChanges.Between(OptionsJson.Of(old.Options), OptionsJson.Of(now.Options)), .. old.Prompt == now.Prompt ? [] : new[] { PromptText }];

    private static List<SectionChange> SectionKeys(FleetOptions before, FleetOptions after) =>
        [.. JsonChanges.Between(WithoutAgents(before), WithoutAgents(after)).Select(k => new SectionChange(k, Fixed.Any(f => k == f || k.StartsWith(f + ".", StringComparison.Ordinal))))];

    // Agents are told apart above; which files they were read from is no setting.
    private static JsonObject WithoutAgents(FleetOptions options)
    {
        var json = OptionsJson.Record(options);
        json.Remove("agents");
        json.Remove("include");
        return json;
    }
}
