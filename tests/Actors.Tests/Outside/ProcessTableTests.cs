using System.Diagnostics;
using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Tests.Outside;

public sealed class ProcessTableTests
{
    [Fact]
    public void A_name_may_hold_anything()
    {
        var stat = ProcessTable.Parse("41 (a) b) (c) S 1 41 40 0 -1 4194304 100 0 0 0 12 3 4 5 20 0 1 0 186034 1 2 3");
        Assert.Equal(new ProcessStat(41, 'S', 1, 40, 24, 186034), stat);
    }

    [Fact]
    public async Task An_end_is_told_at_once_and_the_number_alone_is_no_identity()
    {
        using var watch = new ProcessWatch();
        using var process = Process.Start("/bin/sleep", "600");
        var identity = ProcessTable.Identify(process.Id)!;
        Assert.True(ProcessTable.IsAlive(identity));
        Assert.False(ProcessTable.IsAlive(identity with { StartTicks = identity.StartTicks + 1 }));
        Assert.False(ProcessTable.IsAlive(identity with { BootId = "another" }));
        Assert.Contains(process.Id, ProcessTable.Children(Environment.ProcessId));
        var ended = watch.WhenEnded(process.Id, reap: false);
        Assert.False(ended.IsCompleted);
        TestProcess.Signal(process.Id, 9);
        await ended.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(ProcessTable.IsAlive(identity));
    }

    [Fact]
    public void Groups_of_our_own_are_tried_before_the_root()
    {
        string[] mounts =
        [
            "36 25 0:31 / /sys/fs/cgroup/memory rw,relatime shared:15 - cgroup cgroup rw,memory",
            "37 25 0:32 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
        ];
        var found = CgroupMounts.Parse(mounts, ["4:memory:/jobs/7", "0::/system.slice/supervisor.service/daemon"]);
        Assert.Equal(["/sys/fs/cgroup/memory/jobs/7", "/sys/fs/cgroup/memory"], found.Memory);
        Assert.Equal("/sys/fs/cgroup/unified/system.slice/supervisor.service", found.Unified[0]);
        Assert.Empty(found.Pids);
    }
}
