namespace Supervisor.Messages.Alerts;

public enum AlertLevel { Info, Warning, Critical }

/// <summary>Something a person should know, as long as it lasts.</summary>
/// <param name="Key">One open alert for each: <c>agent/A1/crash-loop</c>.</param>
public sealed record Alert(string Key, AgentId? AgentId, AlertLevel Level, string Text, DateTimeOffset Since);

public static class AlertProtocol
{
    public interface IEvent : IWireMessage
    {
        string Key { get; }
        DateTimeOffset At { get; }
    }

    /// <summary>Raised once, however often its cause repeats, until it is closed.</summary>
    public sealed record AlertRaised(string Key, AgentId? AgentId, AlertLevel Level, string Text, IReadOnlyList<string> Evidence, DateTimeOffset At) : IEvent;
    public sealed record AlertClosed(string Key, AgentId? AgentId, string Reason, DateTimeOffset At) : IEvent;

    /// <summary>What the journal's events amount to.</summary>
    public sealed record OpenAlerts(IReadOnlyList<Alert> Items) : IWireMessage;

    /// <summary>Answered by <see cref="OpenAlerts"/>.</summary>
    public sealed record GetAlerts : IWireMessage;
}
