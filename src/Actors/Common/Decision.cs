namespace Supervisor.Actors.Common;

/// <summary>What a state says to a command: refuse with a reason, or accept with the events that follow (perhaps none).</summary>
public abstract record Decision<TEvent>
{
    private Decision() { }

    public sealed record Reject(string Reason) : Decision<TEvent>;
    public sealed record Accept(IReadOnlyList<TEvent> Events) : Decision<TEvent>;
}
