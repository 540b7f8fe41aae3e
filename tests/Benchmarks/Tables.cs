using System.Globalization;
using Supervisor.Benchmarks.Measuring;
using Supervisor.Benchmarks.Supervisors;

namespace Supervisor.Benchmarks;

/// <summary>One table for each benchmark, all candidates side by side, the targets below.</summary>
static class Tables
{
    public static IEnumerable<Table> Of(Options options, IReadOnlyList<(Candidate Candidate, Results Results)> seen)
    {
        var n = options.Agents;
        if (options.Benchmarks.Contains("restart"))
            yield return Fill(new Table($"restart: from kill -9 of one of {n} agents to its successor's first instruction, {options.Kills} times",
                "", "min", "median", "p99", "max", "not restarted", "decision on disk first"), seen, Restart, "target", "", "≤ 10 ms", "≤ 50 ms", "", "0", "yes");
        if (options.Benchmarks.Contains("idle"))
            yield return Fill(new Table($"idle: {n} quiet agents, {options.Seconds} s",
                "", "daemon PSS", "daemon CPU", "helpers", "PSS each, mean", "PSS each, max", "helpers' CPU", "PSS in all"), seen, IdleRow, "target", "≤ 120 MB", "≤ 0.3 %", "", "≤ 1.5 MB", "≤ 1.5 MB");
        if (options.Benchmarks.Contains("ready"))
            yield return Fill(new Table("ready: from the start of the program until a client is answered",
                "", "no agents", $"{n} agents", $"all {n} agents running"), seen, Ready, "target", "≤ 2 s");
        if (options.Benchmarks.Contains("status"))
            yield return Fill(new Table($"status: the whole command with {n} agents, 10 times", "", "min", "median", "max"), seen, Status, "target", "", "≤ 200 ms");
        if (options.Benchmarks.Contains("stop"))
            yield return Fill(new Table($"stop: all of {n} agents", "", "last agent gone", "command returned"), seen, Stop, "target", "≤ 3 s", "≤ 3 s");
    }

    static Table Fill(Table table, IReadOnlyList<(Candidate Candidate, Results Results)> seen, Func<Candidate, Results, string[]?> row, params string[] targets)
    {
        foreach (var (candidate, results) in seen)
        {
            if ((candidate.Missing ?? results.Failure) is { } why) table.Add(candidate.Name, why);
            else if (row(candidate, results) is { } cells) table.Add([candidate.Name, .. cells]);
        }

        table.Add(targets);
        return table;
    }

    static string[] Restart(Candidate candidate, Results results)
    {
        var spread = new Spread(results.Restarts);
        return [spread.Min, spread.Median, spread.P99, spread.Max, results.NeverRestarted.ToString(CultureInfo.InvariantCulture), candidate.OnDiskFirst];
    }

    static string[]? IdleRow(Candidate candidate, Results results)
    {
        if (results.Idle is not { } idle) return null;
        string[] daemon = [Megabytes(idle.DaemonPss), Percent(idle.DaemonCpu)];
        if (idle.HelperPss.Count == 0) return [.. daemon, "0", "–", "–", "–", Megabytes(idle.DaemonPss)];
        return [.. daemon, $"{idle.HelperPss.Count}", Megabytes((long)idle.HelperPss.Average()), Megabytes(idle.HelperPss.Max()), Percent(idle.HelperCpu), Megabytes(idle.DaemonPss + idle.HelperPss.Sum())];
    }

    static string[]? Ready(Candidate candidate, Results results) =>
        candidate is Floor ? null : [Milliseconds(results.ReadyEmpty), Milliseconds(results.ReadyFleet), Milliseconds(results.AllRunning)];

    static string[]? Status(Candidate candidate, Results results)
    {
        if (results.StatusFailure is { } why) return [why];
        var spread = new Spread(results.Status);
        return spread.Count == 0 ? null : [spread.Min, spread.Median, spread.Max];
    }

    static string[]? Stop(Candidate candidate, Results results) =>
        results.StopFailure is { } why ? [why] : results.StopCommand is null ? null : [Milliseconds(results.StopLastAgent), Milliseconds(results.StopCommand)];

    static string Milliseconds(double? value) => value is { } v ? Spread.Milliseconds(v) : "–";
    static string Megabytes(long? kibibytes) => kibibytes is { } k ? (k * 1024 / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " MB" : "–";
    static string Percent(double fraction) => (fraction * 100).ToString("0.00", CultureInfo.InvariantCulture) + " %";
}
