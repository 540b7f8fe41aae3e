namespace Supervisor.Messages.Events;

/// <summary>One type of <see cref="NodeEvent"/> and the names of its data.</summary>
public sealed record NodeEventType(string Type, IReadOnlyList<string> Data);

/// <summary>Every type of node event. docs/events.md describes them, and a test holds the two together.</summary>
public static class NodeEventTypes
{
    public const string DaemonStarted = "daemon.started";
    public const string DaemonStopping = "daemon.stopping";
    public const string ConfigReloaded = "config.reloaded";
    public const string ConfigRefused = "config.refused";
    public const string AuditRefused = "audit.refused";
    public const string MassDeathSuspected = "fleet.mass-death-suspected";
    public const string MassDeathOver = "fleet.mass-death-ended";
    public const string EventsDropped = "events.dropped";

    public static readonly IReadOnlyList<NodeEventType> All =
    [
        new(DaemonStarted, ["version", "pid", "config"]),
        new(DaemonStopping, ["reason", "agents"]),
        new(ConfigReloaded, ["by", "added", "removed", "changed", "pending"]),
        new(ConfigRefused, ["by", "errors"]),
        new(AuditRefused, ["remote", "method", "path", "status", "reason"]),
        new(MassDeathSuspected, ["dead", "agents"]),
        new(MassDeathOver, ["agents"]),
        new(EventsDropped, ["count", "reason"]),
    ];
}
