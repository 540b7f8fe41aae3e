using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;
using Supervisor.Actors.Common;

namespace Supervisor.Host.Daemons;

/// <summary>Tells systemd that the daemon works, as long as no control loop is late: a process that merely exists says nothing.</summary>
public static class SystemdWatchdog
{
    /// <returns>Null when systemd does not watch.</returns>
    public static IDisposable? Start(ISystemdNotifier systemd, LoopMonitor loops)
    {
        if (!systemd.IsEnabled || !long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)) return null;
        var half = TimeSpan.FromMicroseconds(microseconds / 2.0);
        return new Timer(_ =>
        {
            if (loops.Late(DateTimeOffset.UtcNow).Count == 0) systemd.Notify(new ServiceState("WATCHDOG=1"));
        }, null, TimeSpan.Zero, half);
    }
}
