using Supervisor.Messages.Repositories;

namespace Supervisor.Actors.Repositories;

/// <summary>The refusals in a row that stand for an agent. <paramref name="Attempts"/> counts them, from one.</summary>
public sealed record PushHistory(RefusalClass Class, bool Permanent, string Commit, int Attempts, DateTimeOffset At);

public abstract record PushDecision
{
    private PushDecision() { }

    public sealed record Push : PushDecision;
    public sealed record Wait(DateTimeOffset Until) : PushDecision;

    /// <summary>Nothing is tried until the commit changes or an operator reloads the configuration.</summary>
    public sealed record Parked(RefusalClass Class) : PushDecision;
}

/// <summary>Whether a push is worth trying now.</summary>
public static class PushPolicy
{
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    public static PushDecision Decide(PushHistory? last, string commit, DateTimeOffset now) => last switch
    {
        null => new PushDecision.Push(),
        { Permanent: true } when last.Commit == commit => new PushDecision.Parked(last.Class),
        { Permanent: true } => new PushDecision.Push(),
        // A new commit does not mend a network, so it does not shorten the wait; it does change what a remote may say to it.
        { Class: not RefusalClass.Network } when last.Commit != commit => new PushDecision.Push(),
        _ when now >= last.At + Delay(last.Attempts) => new PushDecision.Push(),
        _ => new PushDecision.Wait(last.At + Delay(last.Attempts)),
    };

    public static TimeSpan Delay(int attempts)
    {
        // Ten doublings are past the longest wait; more would overflow.
        var wait = FirstWait * Math.Pow(2, Math.Clamp(attempts - 1, 0, 10));
        return wait < LongestWait ? wait : LongestWait;
    }
}
