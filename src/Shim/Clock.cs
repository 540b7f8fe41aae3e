using System.Globalization;

namespace Supervisor.Shim;

/// <summary>Deadlines run on the monotonic clock; the wall clock is for people.</summary>
static class Clock
{
    public const long Never = long.MaxValue;

    public static long Now => Environment.TickCount64;

    public static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
