using Microsoft.Extensions.Logging;
using Supervisor.Actors.Events;

namespace Supervisor.Host.Logging;

/// <summary>Every event of this node is one line of its log.</summary>
public static class EventLogLines
{
    private static readonly HashSet<string> Warnings = new(StringComparer.Ordinal)
    {
        "agent.spawn-failed", "agent.error-seen", "agent.run-lost", "agent.crash-loop-entered", "agent.failed", "agent.stuck", "agent.stalled",
        "agent.suspected", "work.push-refused", "config.refused", "audit.refused", "fleet.mass-death-suspected", "events.dropped",
    };

    public static void Write(ILogger log, EventEntry entry)
    {
        var fields = new List<KeyValuePair<string, object?>> { new(LogFields.Event, entry.Type), new("seq", entry.Seq) };
        if (entry.Agent is not null)
        {
            fields.Add(new("agent", entry.Agent));
        }

        if (entry.Run is not null)
        {
            fields.Add(new("run", entry.Run));
        }

        fields.Add(new("data", entry.Data));
        if (entry.Evidence is { } evidence)
        {
            fields.Add(new("evidence", evidence));
        }

        log.Log(Warnings.Contains(entry.Type) ? LogLevel.Warning : LogLevel.Information, default, fields, null, (_, _) => Message(entry));
    }

    private static string Message(EventEntry entry) => (entry.Agent, entry.Run) switch
    {
        (null, _) => entry.Type,
        (var agent, null) => $"{agent}: {entry.Type}",
        var (agent, run) => $"{agent} run {run}: {entry.Type}",
    };
}
