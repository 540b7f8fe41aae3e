namespace Supervisor.Shim;

/// <summary>Counts what the kernel killed for want of memory: <c>memory.events</c>, or <c>memory.oom_control</c> of version 1.</summary>
static class Oom
{
    public static long Count(string file)
    {
        if (file.Length == 0) return 0;
        foreach (var line in Io.ReadText(file).Split('\n'))
            if (line.StartsWith("oom_kill ", StringComparison.Ordinal) && long.TryParse(line.AsSpan(9), out var count)) return count;
        return 0;
    }
}
