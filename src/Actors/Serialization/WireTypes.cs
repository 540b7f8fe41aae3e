using System.Collections.Frozen;
using Supervisor.Actors.Agents;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Alerts;
using Supervisor.Messages.Events;
using Supervisor.Messages.Fleet;
using Supervisor.Messages.Repositories;
using Supervisor.Messages.Watchdog;

namespace Supervisor.Actors.Serialization;

/// <summary>One message that may cross a node boundary or reach the journal.</summary>
/// <param name="Manifest">Names the form of its bytes. It never changes: a new form is a new manifest.</param>
/// <param name="Event">The public type under which the event log shows it; null: it is no event.</param>
public sealed record WireType(Type Type, string Manifest, string? Event);

/// <summary>The table of wire messages: one line each.</summary>
public static class WireTypes
{
    public static readonly IReadOnlyList<WireType> All =
    [
        // Agents: commands, queries, replies.
        Message<AgentProtocol.Configure>("agents.configure.v1"),
        Message<AgentProtocol.Remove>("agents.remove.v1"),
        Message<AgentProtocol.Start>("agents.start.v1"),
        Message<AgentProtocol.Stop>("agents.stop.v1"),
        Message<AgentProtocol.Restart>("agents.restart.v1"),
        Message<AgentProtocol.SendText>("agents.send-text.v1"),
        Message<AgentProtocol.ReportLiveness>("agents.report-liveness.v1"),
        Message<AgentProtocol.CountWork>("agents.count-work.v1"),
        Message<AgentProtocol.GetStatus>("agents.get-status.v1"),
        Message<AgentProtocol.GetRuns>("agents.get-runs.v1"),
        Message<AgentProtocol.GetExplanation>("agents.get-explanation.v1"),
        Message<AgentProtocol.Accepted>("agents.accepted.v1"),
        Message<AgentProtocol.Rejected>("agents.rejected.v1"),
        Message<AgentProtocol.NotFound>("agents.not-found.v1"),
        Message<AgentProtocol.Status>("agents.status.v1"),
        Message<AgentProtocol.Runs>("agents.runs.v1"),
        Message<AgentProtocol.Explanation>("agents.explanation.v1"),
        Message<AgentProtocol.Announced>("agents.announced.v1"),

        // Agents: events.
        Event<AgentProtocol.AgentHeld>("agents.agent-held.v1", "agent.held"),
        Event<AgentProtocol.AgentReleased>("agents.agent-released.v1", "agent.released"),
        Event<AgentProtocol.RunDecided>("agents.run-decided.v1", "agent.run-decided"),
        Event<AgentProtocol.AgentStarted>("agents.agent-started.v1", "agent.started"),
        Event<AgentProtocol.AgentSpawnFailed>("agents.agent-spawn-failed.v1", "agent.spawn-failed"),
        Event<AgentProtocol.SessionStarted>("agents.session-started.v1", "agent.session-started"),
        Event<AgentProtocol.ResultSeen>("agents.result-seen.v1", "agent.result-seen"),
        Event<AgentProtocol.RateLimitSeen>("agents.rate-limit-seen.v1", "agent.rate-limited"),
        Event<AgentProtocol.ErrorSeen>("agents.error-seen.v1", "agent.error-seen"),
        Event<AgentProtocol.AgentExited>("agents.agent-exited.v1", "agent.exited"),
        Event<AgentProtocol.RunLost>("agents.run-lost.v1", "agent.run-lost"),
        Event<AgentProtocol.RestartPlanned>("agents.restart-planned.v1", "agent.restart-planned"),
        Event<AgentProtocol.WaitPlanned>("agents.wait-planned.v1", "agent.wait-planned"),
        Event<AgentProtocol.CrashLoopEntered>("agents.crash-loop-entered.v1", "agent.crash-loop-entered"),
        Event<AgentProtocol.AgentCompleted>("agents.agent-completed.v1", "agent.completed"),
        Event<AgentProtocol.AgentFailed>("agents.agent-failed.v1", "agent.failed"),
        Event<AgentProtocol.StopDecided>("agents.stop-decided.v1", "agent.stop-decided"),
        Event<AgentProtocol.AgentStopped>("agents.agent-stopped.v1", "agent.stopped"),
        Event<AgentProtocol.AgentStuck>("agents.agent-stuck.v1", "agent.stuck"),
        Event<AgentProtocol.AgentStalled>("agents.agent-stalled.v1", "agent.stalled"),
        Event<AgentProtocol.AgentRecovered>("agents.agent-recovered.v1", "agent.recovered"),
        Event<AgentProtocol.AgentLingering>("agents.agent-lingering.v1", "agent.lingered"),
        Event<AgentProtocol.HistoryReset>("agents.history-reset.v1", "agent.history-reset"),
        Event<AgentProtocol.AgentSuspect>("agents.agent-suspect.v1", "agent.suspected"),
        Event<AgentProtocol.AgentRemoved>("agents.agent-removed.v1", "agent.removed"),

        // Runs.
        Message<RunProtocol.StartRun>("runs.start-run.v1"),
        Message<RunProtocol.AdoptRun>("runs.adopt-run.v1"),
        Message<RunProtocol.StopRun>("runs.stop-run.v1"),
        Message<RunProtocol.SendToRun>("runs.send-to-run.v1"),
        Message<RunProtocol.RunBegan>("runs.run-began.v1"),
        Message<RunProtocol.RunDidNotBegin>("runs.run-did-not-begin.v1"),
        Message<RunProtocol.RunEnded>("runs.run-ended.v1"),
        Message<RunProtocol.RunVanished>("runs.run-vanished.v1"),
        Message<RunProtocol.RunIsStuck>("runs.run-is-stuck.v1"),
        Message<RunProtocol.RunSession>("runs.run-session.v1"),
        Message<RunProtocol.RunResult>("runs.run-result.v1"),
        Message<RunProtocol.RunRateLimited>("runs.run-rate-limited.v1"),
        Message<RunProtocol.RunError>("runs.run-error.v1"),
        Message<RunProtocol.RunSpoke>("runs.run-spoke.v1"),
        Message<RunProtocol.TextSent>("runs.text-sent.v1"),
        Message<RunProtocol.UpdateRun>("runs.update-run.v1"),
        Message<RunProtocol.ForgetRun>("runs.forget-run.v1"),
        Message<RunProtocol.RunnerRestarted>("runs.runner-restarted.v1"),

        // Watchdog.
        Message<WatchdogProtocol.WatchFleet>("watchdog.watch-fleet.v1"),
        Message<WatchdogProtocol.Probe>("watchdog.probe.v1"),
        Message<WatchdogProtocol.RunSample>("watchdog.run-sample.v1"),

        // Fleet.
        Message<FleetProtocol.ApplyFleet>("fleet.apply-fleet.v1"),
        Message<FleetProtocol.FleetApplied>("fleet.fleet-applied.v1"),
        Message<FleetProtocol.GetAgents>("fleet.get-agents.v1"),
        Message<FleetProtocol.Agents>("fleet.agents.v1"),
        Message<FleetProtocol.AskConfiguration>("fleet.ask-configuration.v1"),
        Message<FleetProtocol.ReportDirectories>("fleet.report-directories.v1"),
        Message<FleetProtocol.DrainNode>("fleet.drain-node.v1"),
        Message<FleetProtocol.DrainBegun>("fleet.drain-begun.v1"),

        // Repositories.
        Event<RepositoryProtocol.WorkSaved>("repositories.work-saved.v1", "work.saved"),
        Event<RepositoryProtocol.WorkPushed>("repositories.work-pushed.v1", "work.pushed"),
        Event<RepositoryProtocol.PushRefused>("repositories.push-refused.v1", "work.push-refused"),
        Event<RepositoryProtocol.WorkCounted>("repositories.work-counted.v1", "work.counted"),

        // Snapshots of the journal.
        Message<AgentState>("agents.state.v1"),
        Message<RepositoryProtocol.Standing>("repositories.standing.v1"),

        // Alerts.
        Event<AlertProtocol.AlertRaised>("alerts.alert-raised.v1", "alert.raised"),
        Event<AlertProtocol.AlertClosed>("alerts.alert-closed.v1", "alert.closed"),
        Message<AlertProtocol.OpenAlerts>("alerts.open-alerts.v1"),
        Message<AlertProtocol.GetAlerts>("alerts.get-alerts.v1"),

        // Nodes. The public type is in the event itself.
        Message<NodeEvent>("events.node-event.v1"),
    ];

    public static readonly FrozenDictionary<Type, WireType> ByType = All.ToFrozenDictionary(t => t.Type);

    public static readonly FrozenDictionary<string, WireType> ByManifest = All.ToFrozenDictionary(t => t.Manifest, StringComparer.Ordinal);

    private static WireType Message<T>(string manifest) where T : IWireMessage => new(typeof(T), manifest, Event: null);

    private static WireType Event<T>(string manifest, string type) where T : IWireMessage => new(typeof(T), manifest, type);
}
