using System.Globalization;
using Supervisor.Actors.Common;
using Supervisor.Messages.Agents;
using static Supervisor.Messages.Agents.AgentProtocol;

namespace Supervisor.Actors.Agents;

/// <summary>Tells an event in a sentence, for <c>why</c>.</summary>
public static class AgentReasons
{
    public static AgentReason Of(IEvent @event, AgentState state)
    {
        var (type, run, text, evidence) = Tell(@event, state);
        return new AgentReason(@event.At, type, run, text, evidence);
    }

    private static (string Type, long Run, string Text, IReadOnlyList<string> Evidence) Tell(IEvent @event, AgentState state) => @event switch
    {
        AgentHeld e => ("agent.held", state.Run, $"held: {e.Text}", []),
        AgentReleased => ("agent.released", state.Run, "nothing holds it any more", []),
        RunDecided e => ("agent.run-decided", e.Run, $"run {e.Run} on {e.Node}{(e.Session is null ? "" : $", resuming session {e.Session}")}: {e.Reason}", []),
        AgentStarted e => ("agent.started", e.Run, e.Adopted ? $"pid {e.Pid} taken over, running since {Time(e.StartedAt)}" : $"pid {e.Pid} runs", []),
        AgentSpawnFailed e => ("agent.spawn-failed", e.Run, $"could not be started: {e.Errno} {e.Detail}", []),
        SessionStarted e => ("agent.session-started", e.Run, $"session {e.Session}{(e.Model is null ? "" : $" on {e.Model}")}", []),
        ResultSeen e => ("agent.result-seen", e.Run, $"the agent reported {(e.Success ? "success" : "failure")}: {e.Detail}", []),
        RateLimitSeen e => ("agent.rate-limited", e.Run, $"rate limited{(e.Until is { } t ? $" until {Time(t)}" : "")}: {e.Detail}", []),
        ErrorSeen e => ("agent.error-seen", e.Run, $"{e.Class}: {e.Detail}", []),
        AgentExited e => ("agent.exited", e.Exit.Run, $"ended after {Durations.Say(e.RanFor)}: {Exit(e.Exit)}", []),
        RunLost e => ("agent.run-lost", e.Run, $"nobody saw it end: {e.Reason}", []),
        RestartPlanned e => ("agent.restart-planned", e.AfterRun, $"next start {Time(e.StartAt)} (in {Durations.Say(e.Delay)}), failure {e.Failures}: {e.Reason}", Times(e.History)),
        WaitPlanned e => ("agent.wait-planned", e.AfterRun, $"waits until {Time(e.StartAt)}: {e.Reason}", []),
        CrashLoopEntered e => ("agent.crash-loop-entered", e.AfterRun, $"crash loop after {e.Failures} failures{(e.RetryAt is { } t ? $", tried again {Time(t)}" : ", a person must start it")}: {e.Reason}", Times(e.History)),
        AgentCompleted e => ("agent.completed", e.Run, $"completed: {e.Reason}", []),
        AgentFailed e => ("agent.failed", e.Run, $"failed for good: {e.Reason}", []),
        StopDecided e => ("agent.stop-decided", e.Run, $"stopped by {e.By}, then {e.Then.ToString().ToLowerInvariant()}: {e.Reason}", e.Evidence),
        AgentStopped e => ("agent.stopped", state.Run, $"stopped by {e.By}: {e.Reason}", []),
        AgentStuck e => ("agent.stuck", e.Run, "SIGKILL had no effect; no new copy is started", e.Evidence),
        AgentStalled e => ("agent.stalled", e.Run, $"stalled; next step: {e.Step.ToString().ToLowerInvariant()}", e.Evidence),
        AgentRecovered e => ("agent.recovered", e.Run, "moves again", e.Evidence),
        AgentLingering e => ("agent.lingering", e.Run, "gave its result and does not exit", e.Evidence),
        HistoryReset e => ("agent.history-reset", state.Run, $"{e.By} forgave the failures so far", []),
        AgentSuspect e => ("agent.suspect", e.Run, $"node {e.Node} is gone; the run may still be alive there", []),
        AgentRemoved => ("agent.removed", state.Run, "no longer configured", []),
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "an event without a sentence"),
    };

    private static string Exit(RunExit exit) => exit switch
    {
        { Signal: { } signal } => $"signal {signal} by {exit.By.ToString().ToLowerInvariant()} ({exit.Reason})",
        { Code: { } code } => $"code {code} by {exit.By.ToString().ToLowerInvariant()} ({exit.Reason})",
        _ => exit.Reason,
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> Times(RestartHistory history) => [.. history.Recent.Select(t => $"failure at {Time(t)}")];
}
