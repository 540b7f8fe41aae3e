namespace Supervisor.Actors.Outside;

/// <summary>Where control groups are mounted, each with the places to try: below our own group first, so that limits on us hold for our agents too.</summary>
public sealed record CgroupMounts(IReadOnlyList<string> Unified, IReadOnlyList<string> Memory, IReadOnlyList<string> Pids)
{
    public static CgroupMounts Read() => Parse(File.ReadAllLines("/proc/self/mountinfo"), File.ReadAllLines("/proc/self/cgroup"));

    public static CgroupMounts Parse(IReadOnlyList<string> mountinfo, IReadOnlyList<string> own) => new(
        Places(mountinfo, own, "cgroup2", null), Places(mountinfo, own, "cgroup", "memory"), Places(mountinfo, own, "cgroup", "pids"));

    static List<string> Places(IReadOnlyList<string> mountinfo, IReadOnlyList<string> own, string type, string? controller)
    {
        var places = new List<string>();
        foreach (var line in mountinfo)
        {
            // 36 25 0:31 / /sys/fs/cgroup/memory rw,relatime shared:15 - cgroup cgroup rw,memory
            var halves = line.Split(" - ");
            if (halves.Length != 2 || halves[0].Split(' ') is not [_, _, _, _, var mount, ..] || halves[1].Split(' ') is not [var kind, _, var options, ..]) continue;
            if (kind != type || (controller is not null && !options.Split(',').Contains(controller))) continue;
            // 4:memory:/system.slice/supervisor.service   0::/system.slice/supervisor.service
            var path = own.Select(group => group.Split(':', 3)).FirstOrDefault(group => group.Length == 3 && group[1].Split(',').Contains(controller ?? ""))?[2];
            if (path is not null && path != "/")
            {
                var group = mount + path;
                // systemd's DelegateSubgroup= puts the daemon in a leaf of its own: its siblings are then ours to make.
                if (Path.GetFileName(group) == "daemon") places.Add(Path.GetDirectoryName(group)!);
                places.Add(group);
            }
            places.Add(mount);
        }
        return places;
    }
}
