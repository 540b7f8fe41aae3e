namespace Supervisor.Actors.Tests.Outside;

/// <summary>A group whose processes not even SIGKILL reaches while it is frozen: a stand-in for a disk that never answers.</summary>
sealed class Freezer : IDisposable
{
    readonly string _path = $"/sys/fs/cgroup/freezer/supervisor-test-{Guid.NewGuid():n}";

    public static Freezer? Create()
    {
        if (!File.Exists("/sys/fs/cgroup/freezer/cgroup.procs") || !Environment.IsPrivilegedProcess) return null;
        var freezer = new Freezer();
        Directory.CreateDirectory(freezer._path);
        return freezer;
    }

    public void Freeze(int pid)
    {
        File.WriteAllText(Path.Combine(_path, "cgroup.procs"), $"{pid}");
        File.WriteAllText(Path.Combine(_path, "freezer.state"), "FROZEN");
    }

    public void Thaw() => File.WriteAllText(Path.Combine(_path, "freezer.state"), "THAWED");

    public void Dispose()
    {
        Thaw();
        Directory.Delete(_path);
    }
}
