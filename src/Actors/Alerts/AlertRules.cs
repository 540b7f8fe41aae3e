using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Alerts;
using Supervisor.Messages.Events;
using Supervisor.Messages.Repositories;

namespace Supervisor.Actors.Alerts;

/// <summary>What an event means for a person: an alert to raise, or keys of alerts that it ends (a trailing slash: all below).</summary>
public static class AlertRules
{
    public sealed record Raise(string Key, AgentId? AgentId, AlertLevel Level, string Text, IReadOnlyList<string> Evidence);

    public static Raise? Raised(object @event) => @event switch
    {
        AgentProtocol.CrashLoopEntered e => OfAgent(e.AgentId, "crash-loop", AlertLevel.Warning, $"{e.AgentId} is in a crash loop: {e.Reason}"),
        AgentProtocol.AgentFailed e => OfAgent(e.AgentId, "failed", AlertLevel.Critical, $"{e.AgentId} failed for good: {e.Reason}"),
        AgentProtocol.AgentStuck e => OfAgent(e.AgentId, "stuck", AlertLevel.Critical, $"{e.AgentId} cannot be killed; no new copy is started", e.Evidence),
        AgentProtocol.AgentStalled { Step: StallStep.Alert } e => OfAgent(e.AgentId, "stalled", AlertLevel.Warning, $"{e.AgentId} is stalled", e.Evidence),
        AgentProtocol.AgentSuspect e => OfAgent(e.AgentId, "suspect", AlertLevel.Critical, $"{e.AgentId} ran on {e.Node}, which is gone"),
        RepositoryProtocol.PushRefused { Permanent: true } e =>
            new Raise(PushKey(e.RepositoryId, e.AgentId), e.AgentId, AlertLevel.Critical, $"work of {e.AgentId} is refused by the remote of {e.RepositoryId}: {e.Class}: {e.Text}", [$"commit {e.Commit}"]),
        NodeEvent { Type: NodeEventTypes.MassDeathSuspected } e => new Raise("fleet/mass-death", null, AlertLevel.Critical, "a sweep found so many agents dead or stalled that nothing was killed", e.Evidence),
        NodeEvent { Type: NodeEventTypes.ConfigRefused } e => new Raise("config", null, AlertLevel.Warning, "the configuration has errors; the last good one stays", e.Evidence),
        _ => null,
    };

    public static string? Closed(object @event) => @event switch
    {
        AgentProtocol.AgentStopped e => $"agent/{e.AgentId}/",
        AgentProtocol.AgentCompleted e => $"agent/{e.AgentId}/",
        AgentProtocol.AgentRemoved e => $"agent/{e.AgentId}/",
        AgentProtocol.HistoryReset e => $"agent/{e.AgentId}/",
        AgentProtocol.RestartPlanned { History.CrashLooping: false } e => $"agent/{e.AgentId}/",
        AgentProtocol.AgentRecovered e => $"agent/{e.AgentId}/stalled",
        AgentProtocol.AgentExited e => $"agent/{e.AgentId}/stuck",
        AgentProtocol.AgentStarted e => $"agent/{e.AgentId}/suspect",
        RepositoryProtocol.WorkPushed e => PushKey(e.RepositoryId, e.AgentId),
        NodeEvent { Type: NodeEventTypes.MassDeathOver } => "fleet/mass-death",
        NodeEvent { Type: NodeEventTypes.ConfigReloaded } => "config",
        _ => null,
    };

    public static bool Ends(string closed, string key) => closed.EndsWith('/') ? key.StartsWith(closed, StringComparison.Ordinal) : key == closed;

    private static Raise OfAgent(AgentId agent, string what, AlertLevel level, string text, IReadOnlyList<string>? evidence = null) =>
        new($"agent/{agent}/{what}", agent, level, text, evidence ?? []);

    private static string PushKey(RepositoryId repository, AgentId agent) => $"push/{repository}/{agent}";
}
