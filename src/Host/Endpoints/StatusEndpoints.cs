using Supervisor.Actors.Common;
using Supervisor.Actors.Events;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Alerts;

namespace Supervisor.Host.Endpoints;

public sealed record ClusterSummary(string Self, int Members, int Unreachable);
public sealed record AgentSummary(int Total, IReadOnlyDictionary<string, int> States);
public sealed record RepairSummary(int Open, int Parked);
public sealed record PipelineSummary(int Running, int Waiting);

/// <summary>One screen of everything. Scripts rely on its keys: what this node does not have is empty, not absent.</summary>
public sealed record StatusDocument(
    string Node, string Version, DateTimeOffset StartedAt, bool Ready, IReadOnlyList<string> Degraded, ClusterSummary Cluster, AgentSummary Agents,
    IReadOnlyList<string> Budgets, RepairSummary Repairs, PipelineSummary Pipelines, IReadOnlyList<Alert> Alerts)
{
    // In these a person has to look.
    private static readonly HashSet<AgentPhase> Troubled = [AgentPhase.CrashLoop, AgentPhase.Failed, AgentPhase.Stuck, AgentPhase.Suspect, AgentPhase.Stalled];

    public static StatusDocument Of(
        EdgeOptions node, string? notReady, ClusterView cluster, IReadOnlyList<AgentStatus> agents, EventLogProtocol.Health events, IReadOnlyList<Alert> alerts)
    {
        var states = agents.CountBy(a => Words.Of(a.State)).OrderBy(s => s.Key, StringComparer.Ordinal).ToDictionary();
        string?[] degraded =
        [
            notReady,
            cluster.Unreachable > 0 ? $"{cluster.Unreachable} members of the cluster are unreachable" : null,
            events.Degraded is { } reason ? $"the event log is not written: {reason}" : null,
            .. agents.Where(a => Troubled.Contains(a.State)).Select(a => $"{a.Id} is {Words.Of(a.State)}: {a.Reason}"),
        ];
        return new StatusDocument(
            node.Node, node.Version, node.StartedAt, notReady is null, [.. degraded.OfType<string>()],
            new ClusterSummary(cluster.Self, cluster.Members, cluster.Unreachable), new AgentSummary(agents.Count, states),
            [], new RepairSummary(0, 0), new PipelineSummary(0, 0), alerts);
    }
}

public static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder api) => api.MapGet("/status", async (
        EdgeOptions options, StartupGate gate, IClusterView cluster, LoopMonitor loops, IFleetClient fleet, CancellationToken cancel) =>
    {
        var view = cluster.Current;
        var agents = fleet.GetAgentsAsync(cancel);
        var events = fleet.GetEventLogHealthAsync(cancel);
        var alerts = fleet.GetAlertsAsync(cancel);
        return Answers.Document(StatusDocument.Of(
            options, Health.NotReady(gate.Started, view, loops.Late(DateTimeOffset.UtcNow)), view, await agents, await events, await alerts));
    }).Produces<StatusDocument>();
}
