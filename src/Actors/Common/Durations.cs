using System.Globalization;

namespace Supervisor.Actors.Common;

public static class Durations
{
    /// <summary>Two units at most, as a person says it: <c>450ms</c>, <c>8s</c>, <c>14m12s</c>, <c>2h5m</c>, <c>3d4h</c>.</summary>
    public static string Say(TimeSpan time)
    {
        var (days, hours, minutes, seconds) = ((int)time.TotalDays, time.Hours, time.Minutes, time.Seconds);
        return time switch
        {
            _ when time <= TimeSpan.Zero => "0s",
            _ when time < TimeSpan.FromSeconds(1) => string.Create(CultureInfo.InvariantCulture, $"{time.Milliseconds}ms"),
            _ when days > 0 => Two(days, "d", hours, "h"),
            _ when hours > 0 => Two(hours, "h", minutes, "m"),
            _ when minutes > 0 => Two(minutes, "m", seconds, "s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
        };
    }

    static string Two(int large, string unit, int small, string smaller) =>
        string.Create(CultureInfo.InvariantCulture, $"{large}{unit}{(small == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{small}{smaller}"))}");
}
