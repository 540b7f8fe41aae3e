using System.Diagnostics;

namespace Supervisor.FakeAgent;

/// <summary>Real git, in the directory that the agent was started in.</summary>
internal static class GitVerbs
{
    public static IReadOnlyDictionary<string, Action<Interpreter, Script>> All { get; } = new Dictionary<string, Action<Interpreter, Script>>
    {
        ["commit"] = Commit,
        ["dirty"] = (_, script) => File.WriteAllText(script.Word(), script.Word() + "\n"),
    };

    // commit COUNT FILE: that many commits, each adding one line to the file.
    private static void Commit(Interpreter me, Script script)
    {
        var count = script.Number();
        var file = script.Word();
        for (var i = 1; i <= count; i++)
        {
            File.AppendAllText(file, $"line {i} of {Libc.GetPid()}\n");
            Git("add", "--", file);
            Git("-c", "user.name=Fake Agent", "-c", "user.email=fake@example.invalid", "commit", "--quiet", "-m", $"Add line {i} to {file}");
        }
    }

    private static void Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments)) ?? throw new IOException("git did not start");
        git.WaitForExit();
        if (git.ExitCode != 0)
        {
            throw new IOException($"git {string.Join(' ', arguments)}: exit {git.ExitCode}");
        }
    }
}
