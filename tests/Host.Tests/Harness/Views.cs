using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Host.Tests.Harness;

/// <summary>An agent as <c>agents --json</c> promises it; written again here, so that a change of the program's own records cannot go unnoticed.</summary>
internal sealed record AgentView(
    string Id, string Name, string Kind, string State, string Reason, long Run, int? Pid, bool Adopted, DateTimeOffset? StartedAt, int Restarts,
    int Failures, DateTimeOffset? NextStartAt, ExitView? LastExit, DateTimeOffset? LastOutputAt, string? Node, long Epoch, string? Session,
    string? Model, string SpentTodayUsd, int Unpushed);

internal sealed record ExitView(long Run, int? Code, int? Signal, string By, string Reason, DateTimeOffset At);

/// <summary>One event of the log.</summary>
internal sealed record EventView(long Seq, DateTimeOffset At, string Type, string Node, string? Agent, long? Run, JsonElement Data, JsonElement Evidence)
{
    public JsonElement this[string name] => Data.TryGetProperty(name, out var value)
        ? value
        : throw new KeyNotFoundException($"event {Type} has no data.{name}: {Data}");

    public TimeSpan Duration(string name) => TimeSpan.Parse(this[name].GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    public override string ToString() => $"{Seq} {At:HH:mm:ss.fff} {Type} {Agent} run {Run} {Data}";
}

internal static class Json
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException($"null instead of {typeof(T).Name}: {text}");

    /// <summary>A string as YAML reads it: every JSON string is one.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text, QuoteOptions);

    public static string Quote(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Quote))}]";

    private static readonly JsonSerializerOptions QuoteOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
