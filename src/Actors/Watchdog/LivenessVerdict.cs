using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Watchdog;

/// <summary>What a look at a run comes to. The evidence is stored with the event and shown by <c>why</c>.</summary>
public abstract record LivenessVerdict(IReadOnlyList<string> Evidence)
{
    public sealed record Alive(IReadOnlyList<string> Evidence) : LivenessVerdict(Evidence);

    public sealed record Dead(IReadOnlyList<string> Evidence) : LivenessVerdict(Evidence);

    /// <summary>Nothing may be done on this.</summary>
    public sealed record Unknown(string Reason, IReadOnlyList<string> Evidence) : LivenessVerdict(Evidence);

    /// <param name="Step">The rung to take now; null: taken already, or none is left.</param>
    public sealed record Stalled(StallStep? Step, TimeSpan QuietFor, IReadOnlyList<string> Evidence) : LivenessVerdict(Evidence);

    /// <summary>It said that it was done, and its time to go is over.</summary>
    public sealed record Lingering(IReadOnlyList<string> Evidence) : LivenessVerdict(Evidence);

    /// <summary>No sign of life since its start.</summary>
    public sealed record FailedToStart(IReadOnlyList<string> Evidence) : LivenessVerdict(Evidence);
}
