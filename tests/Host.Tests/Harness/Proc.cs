using System.Globalization;
using System.Runtime.InteropServices;

namespace Supervisor.Host.Tests.Harness;

/// <summary>What the kernel says about processes: a witness that does not depend on the supervisor.</summary>
internal static class Proc
{
    public const int SigHup = 1, SigInt = 2, SigKill = 9, SigTerm = 15, SigCont = 18, SigStop = 19;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);

    public static void Signal(int pid, int signal)
    {
        if (Kill(pid, signal) != 0)
        {
            throw new InvalidOperationException($"signal {signal} to {pid}: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Whether a process exists and has not ended; a zombie has.</summary>
    public static bool Lives(int pid) => State(pid) is not (null or 'Z' or 'X');

    public static char? State(int pid) => Fields(pid)?[0][0];

    public static int? Parent(int pid) => Fields(pid) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : null;

    /// <summary>Start time in ticks since boot: with the pid, an identity.</summary>
    public static long? StartTicks(int pid) => Fields(pid) is { } fields ? long.Parse(fields[19], CultureInfo.InvariantCulture) : null;

    /// <summary>CPU time used so far, in hundredths of a second.</summary>
    public static long CpuTicks(int pid) => Fields(pid) is { } fields
        ? long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)
        : 0;

    public static long ResidentBytes(int pid) => long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    public static int Descriptors(int pid) => Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();

    public static int Threads(int pid) => Directory.EnumerateDirectories($"/proc/{pid}/task").Count();

    public static string CommandLine(int pid) => Text(pid, "cmdline").Replace('\0', ' ');

    public static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0])).Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    /// <summary>Living processes whose environment holds the text: what an agent started carries its marker, wherever it went.</summary>
    public static IReadOnlyList<int> WithEnvironment(string text) => [.. All().Where(pid => Lives(pid) && Text(pid, "environ").Contains(text, StringComparison.Ordinal))];

    /// <summary>Living processes that have to do with a directory, by program, arguments, environment or place.</summary>
    public static IReadOnlyList<int> Referring(string directory) =>
    [
        .. All().Where(pid => pid != Environment.ProcessId && Lives(pid) && (Text(pid, "cmdline").Contains(directory, StringComparison.Ordinal)
            || Text(pid, "environ").Contains(directory, StringComparison.Ordinal) || Place(pid).StartsWith(directory, StringComparison.Ordinal))),
    ];

    /// <summary>Zombies among the children of the given processes.</summary>
    public static IReadOnlyList<int> Zombies(IReadOnlyCollection<int> parents) =>
        [.. All().Where(pid => State(pid) == 'Z' && Parent(pid) is { } parent && parents.Contains(parent))];

    // "17 (a name) S 1 ...": the fields behind the name, the first of them field 3 of proc(5).
    private static string[]? Fields(int pid)
    {
        var stat = Text(pid, "stat");
        return stat.Length == 0 ? null : stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static string Text(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while it was being looked at, or is none of ours.
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
