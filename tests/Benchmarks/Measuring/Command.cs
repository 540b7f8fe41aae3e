using System.Diagnostics;

namespace Supervisor.Benchmarks.Measuring;

sealed record CommandResult(int ExitCode, string Output, string Errors, TimeSpan Took);

/// <summary>A program run to its end within a limit, or started and left running with its output in a file.</summary>
static class Command
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static CommandResult Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? limit = null)
    {
        var start = Describe(program, arguments, environment);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        // Exit and not end of output: a daemon that the program leaves behind may keep the pipes open.
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit((int)(limit ?? Limit).TotalMilliseconds))
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} did not end within {limit ?? Limit}");
        }

        var took = Stopwatch.GetElapsedTime(began);
        Task.WaitAll([output, errors], TimeSpan.FromSeconds(1));
        return new CommandResult(process.ExitCode, Text(output), Text(errors), took);
    }

    public static CommandResult Require(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? limit = null)
    {
        var result = Run(program, arguments, environment, limit);
        return result.ExitCode == 0 ? result : throw new InvalidOperationException($"{program} ended with {result.ExitCode}: {result.Errors}{result.Output}");
    }

    /// <summary>Started through a shell only to send its output to a file; the shell becomes the program.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, string log, IReadOnlyDictionary<string, string>? environment = null) =>
        Process.Start(Describe("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, program, .. arguments], environment))
            ?? throw new InvalidOperationException($"{program} did not start");

    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin").Append("/usr/sbin")
        .Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists);

    static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return start;
    }

    static string Text(Task<string> task) => task.IsCompletedSuccessfully ? task.Result : "";
}
