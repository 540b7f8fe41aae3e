using System.Globalization;

namespace Supervisor.Actors.Outside;

/// <summary>One line of the process table.</summary>
public sealed record ProcessStat(int Pid, char State, int ParentPid, int Session, long CpuTicks, long StartTicks);

/// <summary>Reads /proc. Every answer is of this moment; identities make it safe to keep one.</summary>
public static class ProcessTable
{
    /// <summary>Differs after every restart of the machine.</summary>
    public static string BootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Null when there is no such process.</summary>
    public static ProcessStat? Find(int pid)
    {
        try
        {
            return Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (IOException e) when (SaysGone(e))
        {
            return null; // It ended before or while we looked.
        }
    }

    /// <summary>Null when there is no such process.</summary>
    public static ProcessIdentity? Identify(int pid) => Find(pid) is { } stat ? new ProcessIdentity(pid, stat.StartTicks, BootId) : null;

    /// <summary>That very process is there and not merely waiting to be reaped.</summary>
    public static bool IsAlive(ProcessIdentity identity) =>
        identity.BootId == BootId && Find(identity.Pid) is { } stat && stat.StartTicks == identity.StartTicks && stat.State is not ('Z' or 'X');

    public static IReadOnlyList<ProcessStat> All() =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? Find(pid) : null)
            .OfType<ProcessStat>()];

    /// <summary>The children that a process has now.</summary>
    public static IReadOnlyList<int> Children(int pid)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task"))
                .SelectMany(task => File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(child => int.Parse(child, CultureInfo.InvariantCulture))];
        }
        catch (IOException e) when (SaysGone(e))
        {
            return [];
        }
    }

    /// <summary>Whatever else goes wrong proves nothing: a table that cannot be read is no table of the dead.</summary>
    static bool SaysGone(IOException e)
    {
        const int noSuchProcess = 3; // ESRCH: it went away between opening and reading.
        return e is FileNotFoundException or DirectoryNotFoundException || e.HResult == noSuchProcess;
    }

    /// <summary>The process and all below it that are alive.</summary>
    public static IReadOnlyList<ProcessStat> Tree(int pid)
    {
        var pids = new List<int> { pid };
        for (var i = 0; i < pids.Count; i++) pids.AddRange(Children(pids[i]));
        return [.. pids.Select(Find).OfType<ProcessStat>().Where(stat => stat.State is not ('Z' or 'X'))];
    }

    /// <summary>Processor time of the living tree, with that of its reaped children. It can shrink when a process ends.</summary>
    public static long CpuTicks(int pid) => Tree(pid).Sum(stat => stat.CpuTicks);

    /// <summary>
    /// <c>41 (a name) S 1 41 41 0 -1 4194304 100 0 0 0 12 3 4 5 20 0 1 0 186034 ...</c>: the name may hold anything, so count behind the last parenthesis.
    /// </summary>
    public static ProcessStat Parse(string line)
    {
        var name = line.LastIndexOf(')');
        var fields = line[(name + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long Number(int field) => long.Parse(fields[field - 3], CultureInfo.InvariantCulture); // As proc(5) counts; the state is field 3.
        return new ProcessStat(
            int.Parse(line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture),
            fields[0][0], (int)Number(4), (int)Number(6), Number(14) + Number(15) + Number(16) + Number(17), Number(22));
    }
}
