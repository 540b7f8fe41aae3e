using Supervisor.Host.Logging;

namespace Supervisor.Host.Cli;

/// <param name="Config">The configuration file; null: found where cli.md says.</param>
public sealed record RunArguments(string? Config, LogFormat Log);

/// <param name="Keep">Leave the temporary folder in place.</param>
public sealed record DemoArguments(int? Seconds, bool Keep, bool Json);

/// <param name="File">The file; null: found where cli.md says.</param>
/// <param name="Connect">The way to the daemon, for what compares with it.</param>
public sealed record ConfigArguments(string? File, bool Json, Func<ApiClient> Connect);

/// <summary>
/// What the commands that are not clients of a daemon do. Delegates, so that a client command loads neither the actors nor
/// the web server.
/// </summary>
public sealed record CliHandlers
{
    public required Func<RunArguments, CancellationToken, Task<int>> Run { get; init; }
    public required Func<DemoArguments, CliConsole, CancellationToken, Task<int>> Demo { get; init; }
    public required Func<ConfigArguments, CliConsole, CancellationToken, Task<int>> ConfigCheck { get; init; }
    public required Func<ConfigArguments, CliConsole, CancellationToken, Task<int>> ConfigDiff { get; init; }
    public required Func<CliConsole, int> ConfigSchema { get; init; }

    /// <summary>The prerequisites of this machine, for <c>doctor</c>.</summary>
    public required Func<CancellationToken, Task<IReadOnlyList<Prerequisite>>> Prerequisites { get; init; }
}
