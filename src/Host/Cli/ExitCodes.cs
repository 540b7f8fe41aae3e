namespace Supervisor.Host.Cli;

/// <summary>What each exit status means; the same table stands in <c>--help</c>.</summary>
public static class ExitCodes
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Unreachable = 3;
    public const int NotFound = 4;
    public const int Conflict = 5;
    public const int Degraded = 6;
    public const int TimedOut = 7;
    public const int Interrupted = 130;

    public const string Table =
        "Exit status: 0 ok, 1 the work failed, 2 usage or configuration error, 3 the daemon cannot be reached, 4 not found, 5 conflict, " +
        "6 degraded or waiting, 7 timed out waiting, 130 interrupted.";
}

/// <summary>A command ends here: what went wrong in one sentence, and the status that says so.</summary>
public sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
