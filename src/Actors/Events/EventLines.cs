using System.Text.Json;
using System.Text.Json.Nodes;
using Supervisor.Actors.Serialization;
using Supervisor.Messages.Events;

namespace Supervisor.Actors.Events;

/// <summary>What a published event looks like in the log, and on one line of its file.</summary>
public static class EventLines
{
    /// <summary>Null when the message is no event: conditions are announced on the same topic.</summary>
    public static EventEntry? Describe(object message, long seq, string node, DateTimeOffset now)
    {
        if (message is NodeEvent e)
        {
            return new EventEntry(seq, now, e.Type, node, Element(e.Data), e.Agent, Run: null, e.Evidence.Count == 0 ? null : Element(e.Evidence));
        }

        if (!WireTypes.ByType.TryGetValue(message.GetType(), out var wire) || wire.Event is not { } type)
        {
            return null;
        }

        var data = JsonSerializer.SerializeToNode(message, wire.Type, WireJson.Public)!.AsObject();
        var agent = Take(data, "agentId")?.GetValue<string>();
        var at = Take(data, "at") is { } time ? time.Deserialize<DateTimeOffset>(WireJson.Public) : now;
        var evidence = Take(data, "evidence");
        if (Take(data, "exit") is JsonObject exit)
        {
            // {"exit":{"run":2,"code":1,...,"at":...},"ranFor":...} reads better flat; the event has its own time.
            exit.Remove("at");
            data = new JsonObject(exit.Concat(data).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        }

        var run = (Take(data, "run") ?? data["afterRun"])?.GetValue<long>();
        return new EventEntry(seq, at, type, node, Element(data), agent, run, evidence is null ? null : Element(evidence));
    }

    /// <summary><c>{"seq":17,"at":"2026-11-23T12:00:00.000Z","type":"agent.exited","node":"n1","agent":"A1","run":2,"data":{},"evidence":[]}</c></summary>
    public static byte[] Write(EventEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, WireJson.Public);

    /// <summary>Null when the line is no entry, as after an edit by hand or a torn write.</summary>
    public static EventEntry? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<EventEntry>(line, WireJson.Public);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? Take(JsonObject from, string name)
    {
        var value = from[name];
        from.Remove(name);
        return value;
    }

    private static JsonElement Element(object value) => JsonSerializer.SerializeToElement(value, value.GetType(), WireJson.Public);
}
