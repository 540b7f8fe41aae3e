namespace Supervisor.Actors.Agents;

/// <summary>What follows an ended run. <paramref name="Reason"/> begins with the cause and goes into the event as it stands.</summary>
public abstract record RestartDecision(string Reason)
{
    public sealed record Start(DateTimeOffset At, TimeSpan Delay, string Reason) : RestartDecision(Reason);

    /// <summary>The provider asked for it. <paramref name="Until"/> is the end of its limit, <paramref name="At"/> our spread start after it.</summary>
    public sealed record Wait(DateTimeOffset Until, DateTimeOffset At, string Reason) : RestartDecision(Reason);

    /// <summary><paramref name="RetryAt"/> null: a person must start it.</summary>
    public sealed record CrashLoop(DateTimeOffset? RetryAt, string Reason) : RestartDecision(Reason);

    /// <summary>Done, and not to be started again.</summary>
    public sealed record Complete(string Reason) : RestartDecision(Reason);

    /// <summary>Failed for good.</summary>
    public sealed record Fail(string Reason) : RestartDecision(Reason);
}
