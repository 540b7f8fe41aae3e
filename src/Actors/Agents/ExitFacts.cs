using System.Globalization;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Agents;

/// <summary>What ended a run. Ends that a person or a budget ordered are not here: nobody asks whether to restart after those.</summary>
public enum RunEnding
{
    /// <summary>The process ended, by itself or by a stranger's signal.</summary>
    Exited,

    /// <summary>The program could not be started.</summary>
    SpawnFailed,

    /// <summary>Ended by us because nothing moved any more.</summary>
    Stalled,

    /// <summary>Ended by us because it showed no sign of life after its start.</summary>
    FailedToStart,

    /// <summary>Ended by us some time after it had said that it was done.</summary>
    Lingered,

    /// <summary>Its shim or its machine went down under it: no fault of the agent.</summary>
    Lost,
}

/// <summary>A rate limit in force when the run ended. <paramref name="Until"/> is null when the provider did not say.</summary>
public sealed record RateLimit(DateTimeOffset? Until);

/// <summary>The facts of an ended run, as far as they decide what comes next.</summary>
public sealed record ExitFacts
{
    public required RunEnding Ending { get; init; }

    /// <summary>From the start of the process; zero when there was none.</summary>
    public TimeSpan RanFor { get; init; }

    /// <summary>The part of it, at its end, in which nothing moved: to hang for a quarter of an hour is not to be stable.</summary>
    public TimeSpan QuietFor { get; init; }
    public int? Code { get; init; }
    public int? Signal { get; init; }
    public EndedBy By { get; init; } = EndedBy.Agent;

    /// <summary><c>ENOENT</c>, for <see cref="RunEnding.SpawnFailed"/>.</summary>
    public string? Errno { get; init; }

    /// <summary>The agent's last word on its success; null: it gave no result.</summary>
    public bool? Result { get; init; }
    public RateLimit? RateLimit { get; init; }

    /// <summary>
    /// A clean end. The agent's own "failed" outweighs an exit status of 0, and a bad status outweighs its "success"; only where we
    /// ended it ourselves does the status mean nothing.
    /// </summary>
    public bool Succeeded => Result != false && (Ending == RunEnding.Lingered || (Ending == RunEnding.Exited && By != EndedBy.Oom && Code == 0));

    /// <summary>In the words of events, <c>status</c> and <c>why</c>.</summary>
    public string Why => Ending switch
    {
        RunEnding.SpawnFailed => $"spawn-failed: {Errno ?? "unknown"}",
        RunEnding.Stalled => "stalled",
        RunEnding.FailedToStart => "failed-to-start",
        RunEnding.Lingered => Result == false ? "the agent reported failure" : "finished, and did not exit",
        RunEnding.Lost => "lost: its shim or machine went down",
        _ when By == EndedBy.Oom => "oom",
        _ when Signal is { } signal => string.Create(CultureInfo.InvariantCulture, $"{Name(signal)}{(By == EndedBy.External ? " from outside" : "")}"),
        _ when Code == 0 && Result == false => "exit 0, but the agent reported failure",
        _ => string.Create(CultureInfo.InvariantCulture, $"exit {Code}"),
    };

    static string Name(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => string.Create(CultureInfo.InvariantCulture, $"signal {signal}"),
    };
}
