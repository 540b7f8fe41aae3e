namespace Supervisor.Shim;

/// <summary>
/// All processes below the shim. It is their subreaper, so those that leave their session and lose their parent come back to it:
/// nobody gets out. A process without a child has an empty tree, and the kernel says so (ECHILD).
/// </summary>
static unsafe class Tree
{
    public static List<int> Collect()
    {
        var found = new List<int>();
        AddChildren(Libc.getpid(), found);
        for (var i = 0; i < found.Count; i++) AddChildren(found[i], found);
        return found;
    }

    /// <summary>The signal, and then SIGCONT, as a stopped process would not see it.</summary>
    public static void Signal(int signal)
    {
        var all = Collect();
        foreach (var pid in all) _ = Libc.kill(pid, signal);
        foreach (var pid in all) _ = Libc.kill(pid, Libc.SIGCONT);
    }

    /// <summary>
    /// Stops everything first, until no new process appears: one that forks as fast as we kill would win otherwise.
    /// </summary>
    public static void Kill(string killFile)
    {
        if (killFile.Length > 0) Io.WriteText(killFile, "1");
        var seen = new HashSet<int>();
        for (var pass = 0; pass < 50; pass++)
        {
            var grown = false;
            foreach (var pid in Collect())
            {
                if (!seen.Add(pid)) continue;
                grown = true;
                _ = Libc.kill(pid, Libc.SIGSTOP);
            }
            if (!grown) break;
        }
        foreach (var pid in seen) _ = Libc.kill(pid, Libc.SIGKILL);
    }

    static void AddChildren(int pid, List<int> found)
    {
        // A child is listed under the thread that forked it.
        var tasks = $"/proc/{pid}/task";
        var dir = Libc.opendir(tasks);
        if (dir == 0) return;
        byte* entry;
        while ((entry = Libc.readdir(dir)) != null)
        {
            // struct dirent: inode 8, offset 8, length 2, type 1, name.
            var name = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + 19);
            if (!System.Buffers.Text.Utf8Parser.TryParse(name, out int task, out _)) continue;
            foreach (var word in Io.ReadText($"{tasks}/{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                if (int.TryParse(word, out var child)) found.Add(child);
        }
        _ = Libc.closedir(dir);
    }
}
