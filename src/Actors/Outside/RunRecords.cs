using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Actors.Outside;

/// <summary><c>shim.json</c>: who watches a run, and over whom.</summary>
sealed record ShimRecord(int Protocol, string AgentId, long Run, long Epoch, string Boot, int Pid, long Ticks, int AgentPid, long AgentTicks, IReadOnlyList<string> Cgroups)
{
    public ProcessIdentity Shim => new(Pid, Ticks, Boot);
    public ProcessIdentity Agent => new(AgentPid, AgentTicks, Boot);
}

/// <summary><c>exit.json</c>: how a run ended.</summary>
sealed record ExitRecord(int Protocol, int? Code, int? Signal, bool Core, string By, string Reason, DateTimeOffset At, long Stdout, long Stderr, string? Errno, string? Detail)
{
    public ShimExit ToExit() => new(Code, Signal, Core, ShimLine.By(By), Reason, At);

    /// <summary>What its shim would have said.</summary>
    public IReadOnlyList<ShimEvent> Events() => Errno is { } errno
        ? [new ShimEvent.SpawnFailed(errno, Detail ?? "")]
        : [new ShimEvent.Output(Stdout, Stderr), new ShimEvent.Exited(ToExit()), new ShimEvent.Drained(Stdout, Stderr)];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ShimRecord))]
[JsonSerializable(typeof(ExitRecord))]
sealed partial class RunRecordsJson : JsonSerializerContext;

static class RunRecords
{
    public static bool ShimWasHere(string runDirectory) => File.Exists(Path.Combine(runDirectory, "shim.json"));

    /// <summary>Null when it is missing or, after a loss of power, damaged.</summary>
    public static ShimRecord? Shim(string runDirectory) => Read(Path.Combine(runDirectory, "shim.json"), RunRecordsJson.Default.ShimRecord);

    /// <summary>Null when it is missing; it is written whole or not at all.</summary>
    public static ExitRecord? Exit(string runDirectory) => Read(Path.Combine(runDirectory, "exit.json"), RunRecordsJson.Default.ExitRecord);

    static T? Read<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
