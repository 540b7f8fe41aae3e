namespace Supervisor.Messages.Events;

/// <summary>
/// Something that happened to a node and not to an entity with a record of its own: published on the same topic,
/// never journaled. Its types are listed in <see cref="NodeEventTypes"/>.
/// </summary>
/// <param name="Agent">The agent it is about, if it is about one.</param>
public sealed record NodeEvent(string Type, string? Agent, IReadOnlyDictionary<string, string> Data, IReadOnlyList<string> Evidence) : IWireMessage;
