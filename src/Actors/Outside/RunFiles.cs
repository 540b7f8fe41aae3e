using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Supervisor.Messages;

namespace Supervisor.Actors.Outside;

public sealed class RunFiles(string stateDirectory) : IRunFiles
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _agents = Path.Combine(stateDirectory, "agents");

    public string AgentDirectory(AgentId agent) => Path.Combine(_agents, agent.Value);

    public string RunDirectory(AgentId agent, long run) => Path.Combine(_agents, agent.Value, "runs", run.ToString(CultureInfo.InvariantCulture));

    public bool Create(RunIntent intent)
    {
        var directory = RunDirectory(new AgentId(intent.AgentId), intent.Run);
        var path = Path.Combine(directory, "intent.json");
        if (File.Exists(path)) return false;
        Directory.CreateDirectory(directory, Private);
        var temporary = path + ".tmp";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(intent, IntentJson.Default.RunIntent));
        File.Move(temporary, path);
        return true;
    }

    public int ReadOutput(AgentId agent, long run, long offset, Span<byte> buffer)
    {
        using var file = File.OpenHandle(Path.Combine(RunDirectory(agent, run), "stdout"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.Read(file, buffer, offset);
    }

    public long? Size(string path)
    {
        try
        {
            var file = path.Contains('*', StringComparison.Ordinal) ? Newest(path) : new FileInfo(path);
            return file is { Exists: true } ? file.Length : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // unknown, which is what null says
        }
    }

    // 6cb3f6d... 1a2b3c4... A Name <a@b> 1795435200 +0000	commit: message
    public string? Head(string gitDirectory)
    {
        try
        {
            using var file = File.OpenHandle(Path.Combine(gitDirectory, "logs", "HEAD"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> tail = new byte[4096];
            var read = RandomAccess.Read(file, tail, Math.Max(0, RandomAccess.GetLength(file) - tail.Length));
            var last = System.Text.Encoding.UTF8.GetString(tail[..read]).TrimEnd('\n').Split('\n')[^1].Split(' ');
            return last is [{ Length: >= 40 }, { Length: >= 40 } head, ..] ? head : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // unknown, which is what null says
        }
    }

    private static FileInfo? Newest(string pattern)
    {
        IEnumerable<string> found = [Path.GetPathRoot(pattern) is { Length: > 0 } root ? root : "."];
        var segments = pattern.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        foreach (var segment in segments)
            found = segment.Contains('*', StringComparison.Ordinal)
                ? found.Where(Directory.Exists).SelectMany(d => Directory.EnumerateFileSystemEntries(d, segment))
                : found.Select(d => Path.Combine(d, segment));
        return found.Select(f => new FileInfo(f)).Where(f => f.Exists).MaxBy(f => f.LastWriteTimeUtc);
    }

    public void Prune(AgentId agent, int keep)
    {
        foreach (var (directory, _) in Runs(agent).Skip(keep)) directory.Delete(recursive: true);
    }

    public IReadOnlyList<AgentId> Unfinished() =>
        Directory.Exists(_agents)
            ? [.. Directory.EnumerateDirectories(_agents)
                .Select(d => new AgentId(Path.GetFileName(d)))
                .Where(a => Runs(a).FirstOrDefault().Directory is { } newest && !File.Exists(Path.Combine(newest.FullName, "exit.json")))]
            : [];

    /// <summary>Newest first.</summary>
    private IEnumerable<(DirectoryInfo Directory, long Run)> Runs(AgentId agent)
    {
        var runs = new DirectoryInfo(Path.Combine(AgentDirectory(agent), "runs"));
        if (!runs.Exists) return [];
        return runs.EnumerateDirectories()
            .Select(d => (Directory: d, Run: long.TryParse(d.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1))
            .Where(d => d.Run >= 0)
            .OrderByDescending(d => d.Run);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunIntent))]
internal sealed partial class IntentJson : JsonSerializerContext;
