using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Actors.Events;

/// <summary>One line of a node's event log.</summary>
/// <param name="Seq">Rises by one on each node, across restarts.</param>
/// <param name="Node">Where it happened.</param>
public sealed record EventEntry(
    long Seq,
    DateTimeOffset At,
    string Type,
    string Node,
    [property: JsonPropertyOrder(1)] JsonElement Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Agent = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Run = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonPropertyOrder(2)] JsonElement? Evidence = null);

/// <summary>Which entries a reader wants; null: any.</summary>
public sealed record EntryFilter(DateTimeOffset? Since = null, string? Agent = null, string? Type = null)
{
    public static readonly EntryFilter All = new();

    public bool Matches(EventEntry entry) =>
        (Since is null || entry.At >= Since) && (Agent is null || entry.Agent == Agent) && (Type is null || entry.Type == Type);
}
