using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Supervisor.Host.Daemons;

/// <summary>The directory a daemon keeps its state in, held by one daemon at a time.</summary>
public sealed class StateDirectory : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private StateDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Makes the directory private and takes its lock, or says who has it.</summary>
    public static StateDirectory? TryOpen(string path, out string? problem)
    {
        problem = null;
        Directory.CreateDirectory(path, Private);
        // By its real name: git and the kernel tell paths without symbolic links, and ours must compare equal to theirs.
        path = RealPath(path);
        var pid = System.IO.Path.Combine(path, "daemon.pid");
        try
        {
            // FileShare.None is an advisory exclusive flock on Linux: it goes with the process, however that ends.
            var held = new FileStream(System.IO.Path.Combine(path, "daemon.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(pid, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new StateDirectory(path, held);
        }
        catch (IOException) when (File.Exists(pid))
        {
            problem = $"already running pid {File.ReadAllText(pid).Trim()} on {path}";
            return null;
        }
    }

    private static string RealPath(string path)
    {
        var real = System.IO.Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = System.IO.Path.Combine(real, part);
            real = Directory.ResolveLinkTarget(next, returnFinalTarget: true)?.FullName is { } target ? RealPath(target) : next;
        }

        return real;
    }

    /// <summary>Write-ahead logging is a property of the file; with it, SQLite's default of synchronous=FULL makes every commit durable.</summary>
    public static void PrepareSqlite(string connection)
    {
        using var sqlite = new SqliteConnection(connection);
        sqlite.Open();
        using var command = sqlite.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL;";
        command.ExecuteNonQuery();
    }

    public void Dispose() => _lock.Dispose();
}
