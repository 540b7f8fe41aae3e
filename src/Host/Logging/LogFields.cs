using System.Text.Json;

namespace Supervisor.Host.Logging;

/// <summary>Turns the named placeholders of a log call into the fields of a line.</summary>
public static class LogFields
{
    /// <summary>What names the event of a line: <c>Log("{Event} ...", "agent.exited")</c>.</summary>
    public const string Event = "Event";

    // Akka's logger adds these to every line; the rest of the line already says it, or nobody reads it.
    private static readonly HashSet<string> Unwanted = new(StringComparer.Ordinal)
    {
        "{OriginalFormat}", "ActorPath", "Timestamp", "Thread", "ThreadId", "LogSource", "Message", "FormattedMessage", "AkkaTimestamp",
        "AkkaThread", "AkkaActorPath", "AkkaLogSource", Event,
    };

    public static IReadOnlyList<KeyValuePair<string, object?>> Of(IEnumerable<KeyValuePair<string, object?>> state) =>
        [.. state.Where(p => !Unwanted.Contains(p.Key)).Select(p => KeyValuePair.Create(Name(p.Key), p.Value)).DistinctBy(p => p.Key)];

    /// <summary>AgentId is "agent", RepositoryId "repository", NextRun "nextRun".</summary>
    public static string Name(string placeholder)
    {
        var name = placeholder.TrimStart('@', '$');
        if (name.Length > 2 && name.EndsWith("Id", StringComparison.Ordinal))
        {
            name = name[..^2];
        }

        return name switch
        {
            // A field may not pretend to be one of the line's own.
            "At" or "Level" or "Msg" or "Node" => "value" + name,
            _ => JsonNamingPolicy.CamelCase.ConvertName(name),
        };
    }

    /// <summary><c>[WARNING][11/23/2026 18:29:59.073Z][Thread 0012][akka://...] Agent A1 is late</c>: how Akka's lines arrive; the rest of them is in fields.</summary>
    public static string Message(string formatted, string source)
    {
        var head = formatted.StartsWith('[') ? formatted.IndexOf($"[{source}] ", StringComparison.Ordinal) : -1;
        if (head < 0)
        {
            return formatted;
        }

        var message = formatted[(head + source.Length + 3)..];
        var cause = message.IndexOf("\nCause: ", StringComparison.Ordinal);
        return cause < 0 ? message : message[..cause].TrimEnd('\r');
    }

    /// <summary>For lines that name no event: where they come from. <c>Supervisor.Actors.Events.EventLogActor</c> is <c>log.event-log-actor</c>.</summary>
    public static string EventOf(string source)
    {
        var name = source.Split('`', '[', '(')[0];
        return "log." + JsonNamingPolicy.KebabCaseLower.ConvertName(name[(name.LastIndexOfAny(['.', '/', '+']) + 1)..]);
    }
}
