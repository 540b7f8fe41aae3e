using Supervisor.Benchmarks.Measuring;

namespace Supervisor.Benchmarks.Supervisors;

/// <summary>The agents that every candidate keeps: N times the same tiny program.</summary>
sealed record Workload(string Program, Stamps Stamps, IReadOnlyList<string> Names)
{
    public string[] CommandOf(string name) => [Program, Stamps.Path, name];

    public static IReadOnlyList<string> Numbered(int count) => [.. Enumerable.Range(1, count).Select(n => $"A{n}")];

    /// <summary>Static, so that a stamp is the program's and not its loader's.</summary>
    public static string Compile(string source, string folder)
    {
        var program = Path.Combine(folder, Path.GetFileNameWithoutExtension(source));
        Command.Require("gcc", ["-O2", "-static", "-o", program, Path.Combine(AppContext.BaseDirectory, source)]);
        return program;
    }
}
