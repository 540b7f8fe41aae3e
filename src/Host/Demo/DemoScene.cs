using System.Globalization;
using Supervisor.Actors.Events;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Demo;

/// <summary>What there is to see at one moment.</summary>
/// <param name="News">The events since the last scene.</param>
/// <param name="Pushed">Commits that reached the remote, by agent.</param>
internal sealed record DemoScene(
    TimeSpan Elapsed, TimeSpan Length, IReadOnlyList<AgentStatus> Agents, IReadOnlyList<EventEntry> News, IReadOnlyDictionary<string, int> Pushed);

/// <summary>Words for what is seen.</summary>
internal static class DemoWords
{
    public static string Exit(RunExit? exit) => exit switch
    {
        null => "",
        { Signal: { } signal } => $"signal {signal.ToString(CultureInfo.InvariantCulture)}, {exit.Reason}",
        { Code: { } code } => $"exit {code.ToString(CultureInfo.InvariantCulture)}",
        _ => exit.Reason,
    };

    public static string NextStart(AgentStatus agent, DateTimeOffset now) =>
        agent.NextStartAt is { } at && at > now ? $"in {Actors.Common.Durations.Say(at - now)}" : "";

    /// <summary>One line for an event that changes something; null: not worth one.</summary>
    public static string? Line(EventEntry e) => e.Type switch
    {
        "agent.started" => $"run {e.Run} is running, pid {e.Text("pid")}",
        "agent.spawn-failed" => $"could not be started: {e.Text("errno")} {e.Text("detail")}",
        "agent.exited" => $"run {e.Run} ended after {e.Duration("ranFor").Seconds()}: {(e.Text("signal") is { Length: > 0 } signal ? $"signal {signal}" : $"exit {e.Text("code")}")} by {e.Text("by")} ({e.Text("reason")})",
        "agent.run-lost" => $"run {e.Run} is gone: {e.Text("reason")}",
        "agent.restart-planned" => $"starts again in {e.Duration("delay").Seconds()}: {e.Text("reason")}",
        "agent.crash-loop-entered" => $"crash loop: {e.Text("reason")}",
        "agent.completed" => $"completed: {e.Text("reason")}",
        "agent.failed" => $"failed: {e.Text("reason")}",
        "agent.stalled" => $"run {e.Run} is stalled: {string.Join(", ", e.Reasons())}",
        "agent.stop-decided" => $"run {e.Run} is asked to stop by {e.Text("by")}: {e.Text("reason")}",
        "agent.stopped" => $"stopped: {e.Text("reason")}",
        "agent.stuck" => $"run {e.Run} cannot be killed",
        "work.saved" => $"uncommitted work saved as {e.Text("ref")}",
        "work.pushed" => $"{e.Text("commits")} commits pushed to {e.Text("ref")}",
        "work.push-refused" => $"push refused: {e.Text("text")}",
        _ => null,
    };
}
