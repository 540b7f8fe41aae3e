using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Supervisor.Host.Tests.Postgres;

/// <summary>Where PostgreSQL's programs are on this machine, and as whom they may run.</summary>
internal sealed record PostgresPrograms(string Folder, string? User)
{
    [DllImport("libc", EntryPoint = "geteuid"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();

    /// <returns>Null, with the reason, where there is nothing to start.</returns>
    public static PostgresPrograms? Find(out string missing)
    {
        missing = "";
        var folder = Folders().FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")) && File.Exists(Path.Combine(f, "postgres")));
        if (folder is null)
        {
            missing = "PostgreSQL is not installed: no initdb in `pg_config --bindir` nor in /usr/lib/postgresql/*/bin";
            return null;
        }

        if (EffectiveUser() != 0) return new PostgresPrograms(folder, null);
        // The server refuses to run as root.
        var user = new[] { "postgres", "nobody" }.FirstOrDefault(name => File.ReadLines("/etc/passwd").Any(line => line.StartsWith(name + ":", StringComparison.Ordinal)));
        if (user is null || !File.Exists("/usr/bin/setpriv"))
        {
            missing = "PostgreSQL does not run as root, and there is no user postgres or nobody, or no setpriv, to run it by";
            return null;
        }

        return new PostgresPrograms(folder, user);
    }

    /// <summary>One of the programs with its arguments; by setpriv, which becomes the program, so that the pid is the program's own.</summary>
    public IReadOnlyList<string> Line(string program, params IReadOnlyList<string> arguments) => User is null
        ? [Path.Combine(Folder, program), .. arguments]
        : ["/usr/bin/setpriv", $"--reuid={User}", $"--regid={GroupOf(User)}", "--clear-groups", Path.Combine(Folder, program), .. arguments];

    public static string GroupOf(string user) =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':')).First(parts => parts[0] == user)[3];

    private static IEnumerable<string> Folders()
    {
        if (Configured() is { Length: > 0 } configured) yield return configured;
        if (!Directory.Exists("/usr/lib/postgresql")) yield break;
        var versions = Directory.GetDirectories("/usr/lib/postgresql")
            .OrderByDescending(d => double.TryParse(Path.GetFileName(d), NumberStyles.Float, CultureInfo.InvariantCulture, out var version) ? version : 0);
        foreach (var version in versions) yield return Path.Combine(version, "bin");
    }

    private static string? Configured()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(d => Path.Combine(d, "pg_config")).FirstOrDefault(File.Exists);
        if (program is null) return null;
        using var process = Process.Start(new ProcessStartInfo(program, ["--bindir"]) { RedirectStandardOutput = true })!;
        var folder = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return folder;
    }
}
