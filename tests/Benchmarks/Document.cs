using System.Globalization;

namespace Supervisor.Benchmarks;

/// <summary>docs/benchmarks.md: what stands between the markers is replaced, the words around them are a person's.</summary>
static class Document
{
    const string Begin = "<!-- tables: written by the benchmark -->", End = "<!-- end of tables -->";

    public static void Write(string path, string text)
    {
        var old = File.ReadAllText(path);
        var (from, to) = (old.IndexOf(Begin, StringComparison.Ordinal), old.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from) throw new InvalidOperationException($"{path} has no place for the tables");
        File.WriteAllText(path, $"{old[..(from + Begin.Length)]}\n\n{text}\n{old[to..]}");
    }

    public static string Machine()
    {
        var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores ({cpu}), Linux {kernel}, load before the run {load}, {DateTime.UtcNow:yyyy-MM-dd}");
    }
}
