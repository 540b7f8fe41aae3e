using Supervisor.Messages.Agents;

namespace Supervisor.Host.Demo;

/// <summary>Who is in the fleet, and the numbers that both the configuration and the checks go by.</summary>
internal static class DemoCast
{
    public const string Crasher = "crasher", Broken = "broken", Hanger = "hanger", Stubborn = "stubborn", Finisher = "finisher";

    public static readonly IReadOnlyList<string> Committers = ["A1", "A2", "A3"];

    /// <summary>Each agent and what it is there for, in the order of the table.</summary>
    public static readonly IReadOnlyList<(string Id, string Part)> All =
    [
        .. Committers.Select(id => (id, "commits work")),
        (Crasher, "crashes now and then"),
        (Broken, "crashes at once, every time"),
        (Hanger, "hangs in the middle of its work"),
        (Stubborn, "its child ignores SIGTERM"),
        (Finisher, "finishes"),
    ];

    /// <summary>Agents whose commits the remote must hold.</summary>
    public static readonly IReadOnlyList<string> Workers = [.. Committers, Hanger, Finisher];

    public static readonly RestartOptions CrasherRestart = new()
    {
        Initial = TimeSpan.FromMilliseconds(500),
        Factor = 2,
        Max = TimeSpan.FromSeconds(8),
        Jitter = 0.2,
        CrashLoop = new CrashLoopOptions { Failures = 1000, Within = TimeSpan.FromMinutes(10) },
    };

    public static readonly RestartOptions BrokenRestart = new()
    {
        Initial = TimeSpan.FromMilliseconds(200),
        Factor = 2,
        Max = TimeSpan.FromSeconds(5),
        Jitter = 0.2,
        CrashLoop = new CrashLoopOptions { Failures = 5, Within = TimeSpan.FromMinutes(1), RetryEvery = TimeSpan.FromHours(1) },
    };

    public static readonly TimeSpan Sweep = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan StallAfter = TimeSpan.FromSeconds(6);
    public static readonly StopOptions StubbornStop = new() { Grace = TimeSpan.FromMilliseconds(1500), Kill = TimeSpan.FromSeconds(5) };
}
