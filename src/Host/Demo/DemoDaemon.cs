using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Supervisor.Host.Demo;

/// <summary>The daemon under demonstration: this same program as a process of its own, its output in a file.</summary>
internal sealed class DemoDaemon : IDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;

    private DemoDaemon(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    public static DemoDaemon Start(DemoFolder folder)
    {
        // The shell opens the log and becomes the daemon: no pipe that would fill up or break with us.
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" </dev/null >>\"$0\" 2>&1", folder.Log, .. Program(), "run", "--config", folder.Config, "--log", "json"])
        {
            WorkingDirectory = folder.Root,
        };
        foreach (var name in start.Environment.Keys.Where(IsForAnotherDaemon).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in DemoGit.Environment) start.Environment[name] = value;
        return new DemoDaemon(Process.Start(start) ?? throw new InvalidOperationException("sh could not be started"));
    }

    /// <summary>How this program is run: by its own name, or by <c>dotnet supervisor.dll</c>.</summary>
    internal static IReadOnlyList<string> Program()
    {
        var path = Environment.ProcessPath ?? throw new InvalidOperationException("the path of this program is unknown");
        return Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, typeof(DemoDaemon).Assembly.Location] : [path];
    }

    /// <summary>Asks it to end; it stops its agents first.</summary>
    /// <returns>Its exit status; null when it did not end in time.</returns>
    public async Task<int?> StopAsync(TimeSpan patience)
    {
        if (!_process.HasExited) _ = Kill(_process.Id, SigTerm);
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => _process.Dispose();

    private static bool IsForAnotherDaemon(string name) =>
        name.StartsWith("SUPERVISOR_", StringComparison.Ordinal) || name is "NOTIFY_SOCKET" or "WATCHDOG_USEC" or "WATCHDOG_PID";

    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);

    /// <summary>For what should not be there any more.</summary>
    internal static void KillNow(int pid) => _ = Kill(pid, 9);
}
