namespace Supervisor.Host.Configuration;

/// <summary>What applying the configuration file again did, or would do.</summary>
public abstract record ReloadOutcome
{
    private ReloadOutcome() { }

    /// <param name="Pending">What is changed and shows only at the next run, or at the next start of the daemon.</param>
    public sealed record Applied(IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed, IReadOnlyList<string> Pending) : ReloadOutcome;

    /// <summary>The file has errors and changed nothing. Each error is <c>FILE:LINE:COL: message</c>.</summary>
    public sealed record Refused(IReadOnlyList<string> Errors) : ReloadOutcome;
}

/// <summary>Applies the configuration that the daemon was started with again.</summary>
public interface IFleetReloader
{
    /// <summary>The last good configuration.</summary>
    LoadedFleet Current { get; }

    /// <param name="by">Who asked: <c>http</c>, <c>SIGHUP</c>.</param>
    Task<ReloadOutcome> ReloadAsync(string by, CancellationToken cancel);

    /// <summary>What <see cref="ReloadAsync"/> would do now.</summary>
    Task<ReloadOutcome> DiffAsync(CancellationToken cancel);
}
