namespace Supervisor.Host.Demo;

/// <param name="Seconds">How long the fleet works, counted from the moment its daemon is ready.</param>
/// <param name="Keep">Leave the folder, with its logs, repository and remote.</param>
/// <param name="Json">One JSON document of the verdicts on the output, and everything else on the errors.</param>
public sealed record DemoArguments(int Seconds = DemoArguments.Usual, bool Keep = false, bool Json = false)
{
    public const int Usual = 40;

    /// <summary>What the stall needs: to hang, to be found, to be saved and to come back.</summary>
    public const int Least = 15;
    public const int Most = 3600;
}
