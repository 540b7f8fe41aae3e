using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Supervisor.Actors.Outside.Native;

namespace Supervisor.Actors.Outside;

/// <summary>
/// What control groups this machine lets us make, found out once. Each run has <c>supervisor/&lt;node&gt;-&lt;hash&gt;/&lt;agent&gt;-&lt;run&gt;</c>; the hash is that
/// of the state directory, so that two daemons on one machine do not sweep each other's.
/// </summary>
public sealed class Cgroups
{
    readonly string? _unified;
    readonly string? _memory;
    readonly string? _pids;
    readonly bool _unifiedMemory;
    readonly bool _unifiedPids;

    Cgroups() { }

    public Cgroups(string node, string stateDirectory)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(stateDirectory)));
        node = $"{node}-{Convert.ToHexStringLower(hash)[..8]}";
        var mounts = CgroupMounts.Read();
        _unified = Prepare(mounts.Unified, node) is { } home && File.Exists(Path.Combine(home, "cgroup.kill")) ? home : null; // Linux 5.14
        _unifiedMemory = _unified is not null && Enable(_unified, "memory");
        _unifiedPids = _unified is not null && Enable(_unified, "pids");
        _memory = _unifiedMemory ? null : Prepare(mounts.Memory, node);
        _pids = _unifiedPids ? null : Prepare(mounts.Pids, node);
        Sweep(_unified);
        Sweep(_memory);
        Sweep(_pids);
    }

    /// <summary>As on a machine that lets us make none.</summary>
    public static Cgroups Unavailable { get; } = new();

    /// <summary>A whole tree can be killed at one stroke.</summary>
    public bool Kill => _unified is not null;
    public bool MemoryLimit => _unifiedMemory || _memory is not null;
    public bool PidsLimit => _unifiedPids || _pids is not null;

    /// <summary>Makes the groups of a run. A limit that the machine does not offer is not set.</summary>
    public ShimCgroups Make(ShimSpec spec)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{spec.AgentId}-{spec.Run}");
        var directories = new List<string>();
        string? Add(string? home)
        {
            if (home is null) return null;
            var directory = Path.Combine(home, name);
            Directory.CreateDirectory(directory);
            directories.Add(directory);
            return directory;
        }
        var kill = Add(_unified);
        var memory = spec.MemoryLimit <= 0 ? null : _unifiedMemory ? kill : Add(_memory);
        var pids = spec.PidsLimit <= 0 ? null : _unifiedPids ? kill : Add(_pids);
        if (memory is not null) LimitMemory(memory, spec.MemoryLimit);
        if (pids is not null) File.WriteAllText(Path.Combine(pids, "pids.max"), spec.PidsLimit.ToString(CultureInfo.InvariantCulture));
        return new ShimCgroups(directories, kill is null ? "" : Path.Combine(kill, "cgroup.kill"),
            memory is null ? "" : Path.Combine(memory, _unifiedMemory ? "memory.events" : "memory.oom_control"));
    }

    /// <summary>Removes the groups of a run that is over; one that is still in use stays for the next sweep.</summary>
    public static void Remove(IEnumerable<string> directories)
    {
        foreach (var directory in directories) TryRemove(directory);
    }

    /// <summary>SIGKILL to all in a group; true while somebody was there.</summary>
    public static bool KillAll(string directory)
    {
        try
        {
            var members = File.ReadAllLines(Path.Combine(directory, "cgroup.procs"));
            if (members.Length == 0) return false;
            var kill = Path.Combine(directory, "cgroup.kill");
            if (File.Exists(kill)) File.WriteAllText(kill, "1");
            else foreach (var member in members) PidCalls.KillOne(int.Parse(member, CultureInfo.InvariantCulture));
            return true;
        }
        catch (IOException)
        {
            return false; // The group is gone, and so is all that was in it.
        }
    }

    void LimitMemory(string directory, long bytes)
    {
        var text = bytes.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(directory, _unifiedMemory ? "memory.max" : "memory.limit_in_bytes"), text);
        // Swap would only hide the limit; where it is not accounted these files are missing.
        var swap = Path.Combine(directory, _unifiedMemory ? "memory.swap.max" : "memory.memsw.limit_in_bytes");
        if (File.Exists(swap)) File.WriteAllText(swap, _unifiedMemory ? "0" : text);
    }

    /// <summary>Takes back what the constructor made; for a daemon that is gone for good.</summary>
    public void Remove()
    {
        foreach (var home in (string?[])[_unified, _memory, _pids])
            if (home is not null) TryRemove(home);
    }

    static string? Prepare(IEnumerable<string> places, string node)
    {
        foreach (var place in places)
        {
            try
            {
                return Directory.CreateDirectory(Path.Combine(place, "supervisor", node)).FullName;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue; // Not ours to use; perhaps the next.
            }
        }
        return null;
    }

    /// <summary>A controller has to be handed down level by level, from the place where we may write: <c>place/supervisor/node/run</c>.</summary>
    static bool Enable(string home, string controller)
    {
        var supervisor = Path.GetDirectoryName(home)!;
        foreach (var level in (string[])[Path.GetDirectoryName(supervisor)!, supervisor, home])
        {
            if (!File.ReadAllText(Path.Combine(level, "cgroup.controllers")).Split([' ', '\n']).Contains(controller)) return false;
            try
            {
                File.WriteAllText(Path.Combine(level, "cgroup.subtree_control"), "+" + controller);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false; // Not delegated, or processes live at that level.
            }
        }
        return true;
    }

    static void Sweep(string? home)
    {
        if (home is null) return;
        foreach (var directory in Directory.EnumerateDirectories(home)) TryRemove(directory);
    }

    static void TryRemove(string directory)
    {
        try
        {
            if (Directory.Exists(directory)) Directory.Delete(directory);
        }
        catch (IOException)
        {
            // In use; swept later.
        }
    }
}
