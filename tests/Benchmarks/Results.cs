namespace Supervisor.Benchmarks;

/// <summary>PSS in KiB, CPU as the fraction of one core.</summary>
sealed record Idle(long? DaemonPss, double DaemonCpu, IReadOnlyList<long> HelperPss, double HelperCpu);

/// <summary>What was seen of one candidate, in milliseconds; null was not seen.</summary>
sealed class Results
{
    public string? Failure { get; set; }
    public double? ReadyEmpty { get; set; }
    public double? ReadyFleet { get; set; }
    public double? AllRunning { get; set; }
    public Idle? Idle { get; set; }
    public List<double> Status { get; } = [];
    public string? StatusFailure { get; set; }
    public List<double> Restarts { get; } = [];
    public int NeverRestarted { get; set; }
    public double? StopLastAgent { get; set; }
    public double? StopCommand { get; set; }
    public string? StopFailure { get; set; }
}
