namespace Supervisor.Messages.Agents;

/// <summary>What an agent's earlier ends mean for its next start. Persisted, so that a daemon's restart forgives nothing.</summary>
/// <param name="Failures">Failures in a row; a stable run ends the row.</param>
/// <param name="Recent">When the latest failures were, oldest first: as many as the crash loop's rule looks at, and none older than its window.</param>
/// <param name="CrashLooping">Since its last stable run the agent has failed too often; each start until the next one is a single try.</param>
/// <param name="RateLimits">Ends in a row by a rate limit whose end nobody named.</param>
/// <param name="Losses">Ends in a row that were the machine's doing.</param>
public sealed record RestartHistory(int Failures, IReadOnlyList<DateTimeOffset> Recent, bool CrashLooping, int RateLimits, int Losses)
{
    public static readonly RestartHistory None = new(0, [], false, 0, 0);

    /// <summary>A person has started the agent: everything is forgiven.</summary>
    public static RestartHistory Reset() => None;
}
