using Supervisor.Actors.Outside.Native;

namespace Supervisor.Actors.Outside;

/// <summary>
/// Ends what a shim left behind when it was killed. The agent's own process dies with it by the kernel's hand; this is for what is below.
/// </summary>
static class Survivors
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>By cgroup where there is one, else by the agent's session.</summary>
    /// <param name="certain">The shim has died this moment, so that no number can have been given out again. Otherwise only what is proved is touched.</param>
    public static async Task EndAsync(ShimRecord record, bool certain)
    {
        if (record.Boot != ProcessTable.BootId) return;
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (Kill(record, certain) && Environment.TickCount64 < until) await Task.Delay(20);
    }

    /// <summary>True while somebody was there.</summary>
    static bool Kill(ShimRecord record, bool certain)
    {
        var found = false;
        foreach (var group in record.Cgroups) found |= Cgroups.KillAll(group);
        var leader = ProcessTable.Find(record.AgentPid);
        var proved = leader is null ? certain : leader.StartTicks == record.AgentTicks;
        if (!proved) return found;
        foreach (var process in ProcessTable.All().Where(process => process.Session == record.AgentPid && process.State is not ('Z' or 'X')))
        {
            found = true;
            Kill(process);
        }
        return found;
    }

    static void Kill(ProcessStat process)
    {
        var pidfd = PidCalls.Open(process.Pid);
        if (pidfd < 0) return;
        // The descriptor means one process for good: check that it is the one we saw.
        if (ProcessTable.Find(process.Pid)?.StartTicks == process.StartTicks) PidCalls.Signal(pidfd, 9);
        _ = SpawnCalls.close(pidfd);
    }
}
