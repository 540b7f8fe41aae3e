using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using CliWrap.Exceptions;

namespace Supervisor.Actors.Outside;

/// <summary>What this machine has. Each answer was tried out, not looked up.</summary>
public static class MachineProbe
{
    private const string CgroupRoot = "/sys/fs/cgroup";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary><c>git version 2.43.0</c>; null: git does not run.</summary>
    public static async Task<Version?> GitAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            var result = await Cli.Wrap("git").WithArguments("--version").ExecuteBufferedAsync(limit.Token);
            var number = result.StandardOutput.Trim().Split(' ') is [_, _, var text, ..] ? text : "";
            return Version.TryParse(string.Join('.', number.Split('.').Take(3)), out var version) ? version : null;
        }
        catch (Exception e) when (e is Win32Exception or CommandExecutionException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Null: a cgroup can be made below our own; else why not.</summary>
    public static string? Cgroups()
    {
        try
        {
            if (!File.Exists(Path.Combine(CgroupRoot, "cgroup.controllers")))
            {
                return "there is no unified cgroup hierarchy";
            }

            // 0::/user.slice/user-1000.slice/session-1.scope
            var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(l => l.StartsWith("0::", StringComparison.Ordinal))?[3..] ?? "/";
            var trial = Path.Combine(CgroupRoot, own.TrimStart('/'), $"supervisor-doctor-{Environment.ProcessId}");
            Directory.CreateDirectory(trial);
            Directory.Delete(trial);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Null: a file can be written there; else why not.</summary>
    public static string? Writable(string directory)
    {
        try
        {
            var trial = Path.Combine(Directory.CreateDirectory(directory).FullName, $".doctor-{Environment.ProcessId}");
            File.WriteAllText(trial, "x");
            File.Delete(trial);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
