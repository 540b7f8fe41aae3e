using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Supervisor.Actors.Watchdog;

public sealed record WatchdogOptions
{
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00"), Description("How often every agent's signs of life are weighed.")]
    public TimeSpan Sweep { get; init; } = TimeSpan.FromMinutes(2);

    [Description("When a sweep itself is suspect, and nothing is killed.")]
    public MassDeathOptions MassDeath { get; init; } = new();
}

public sealed record MassDeathOptions
{
    [Range(1, 10_000), Description("At least so many agents were looked at.")]
    public int AtLeast { get; init; } = 5;

    [Range(0.0, 1.0), Description("And more than this share of them seems dead or stalled.")]
    public double Share { get; init; } = 0.5;
}
