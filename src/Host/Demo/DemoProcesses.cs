using System.Globalization;

namespace Supervisor.Host.Demo;

internal sealed record DemoProcess(int Pid, string Command);

/// <summary>What the kernel says is running: a witness that does not depend on the supervisor.</summary>
internal static class DemoProcesses
{
    /// <summary>Processes that belong to the folder by program, arguments, environment or working directory; this one is none of them.</summary>
    public static IReadOnlyList<DemoProcess> Of(DemoFolder folder) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0]))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(pid => pid != Environment.ProcessId && Belongs(pid, folder.Name))
            .Select(pid => new DemoProcess(pid, Read(pid, "cmdline").Replace('\0', ' ').Trim())),
    ];

    /// <summary>What is left once those that are just ending have had their time.</summary>
    public static async Task<IReadOnlyList<DemoProcess>> LeftAsync(DemoFolder folder, TimeSpan patience)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var left = Of(folder);
            if (left.Count == 0 || TimeProvider.System.GetElapsedTime(started) > patience) return left;
            await Task.Delay(100);
        }
    }

    /// <summary>Kills what should not be there any more: a demo that failed may have lost its daemon, and shims outlive one.</summary>
    public static async Task EndAsync(DemoFolder folder)
    {
        // Again and again: what is being killed may start more.
        for (var attempt = 0; attempt < 50 && Of(folder) is { Count: > 0 } left; attempt++)
        {
            foreach (var process in left) DemoDaemon.KillNow(process.Pid);
            await Task.Delay(100);
        }
    }

    private static bool Belongs(int pid, string name) =>
        Read(pid, "cmdline").Contains(name, StringComparison.Ordinal) || Place(pid).Contains(name, StringComparison.Ordinal) || Read(pid, "environ").Contains(name, StringComparison.Ordinal);

    // It may end while it is looked at, or belong to somebody else.
    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Place(int pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
