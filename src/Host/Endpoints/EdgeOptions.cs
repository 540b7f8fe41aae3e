using System.Net;

namespace Supervisor.Host.Endpoints;

/// <summary>What the HTTP listener needs to know of this node.</summary>
public sealed record EdgeOptions
{
    public required string Node { get; init; }
    public required string Version { get; init; }
    public required string StateDirectory { get; init; }
    public required IPEndPoint Listen { get; init; }

    /// <summary>The bearer token; null: none is configured, which only a loopback listener may do.</summary>
    public string? Token { get; init; }
    public bool ReadOnly { get; init; }
    public DateTimeOffset StartedAt { get; init; } = DateTimeOffset.UtcNow;

    public bool Loopback => IPAddress.IsLoopback(Listen.Address);

    // The token is a secret, and records print their members.
    public override string ToString() => $"EdgeOptions({Node}, {Listen})";
}
