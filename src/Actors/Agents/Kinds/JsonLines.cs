using System.Text.Json;

namespace Supervisor.Actors.Agents.Kinds;

/// <summary>
/// What every reader of JSON lines shares: a line that cannot be read is a sign of life, and never an exception. An agent's output
/// is cut by crashes, doubled by terminals and changed by upgrades, so each field is asked for and none is relied upon.
/// </summary>
public abstract class JsonLineReader : IStreamReader
{
    static readonly AgentReport[] Unparsed = [new AgentReport.Activity("unparsed")];

    public IReadOnlyList<AgentReport> Read(ReadOnlySpan<byte> line, DateTimeOffset now)
    {
        if (line.Trim(" \t\r\n"u8).IsEmpty)
        {
            return [];
        }

        using var document = Parse(line);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return Unparsed;
        }

        var reports = new List<AgentReport>();
        var type = document.RootElement.Text("type") ?? "";
        Read(type, document.RootElement, now, reports);
        if (reports.Count == 0)
        {
            reports.Add(new AgentReport.Activity(type.Length == 0 ? "unparsed" : type.Clip(64)));
        }

        return reports;
    }

    /// <summary>Adds what the line means; nothing added means activity of that type.</summary>
    protected abstract void Read(string type, JsonElement line, DateTimeOffset now, List<AgentReport> reports);

    static JsonDocument? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            var document = JsonDocument.ParseValue(ref reader);
            // Two objects glued together by a lost newline: neither can be trusted.
            if (!line[(int)reader.BytesConsumed..].Trim(" \t\r\n"u8).IsEmpty)
            {
                document.Dispose();
                return null;
            }

            return document;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Fields by name and kind; absent, of the wrong kind or out of all reason: null.</summary>
static class JsonFields
{
    // Far beyond any real total, and far below what would overflow a sum.
    const long MaxTokens = 1_000_000_000_000;
    const decimal MaxUsd = 1_000_000_000;

    public static JsonElement? Object(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    public static JsonElement? Array(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } value ? value : null;

    public static string? Text(this JsonElement element, string name) => element.Member(name)?.AsText();

    public static string? AsText(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null; // bytes that are no UTF-8, or half a surrogate pair
        }
    }

    public static long? Number(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    public static long Tokens(this JsonElement element, string name) =>
        element.Number(name) is { } number and >= 0 and <= MaxTokens ? number : 0;

    public static decimal? Usd(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var usd) && usd is >= 0 and <= MaxUsd ? usd : null;

    /// <summary>Null: absent. Something that is no boolean is no <c>false</c> either.</summary>
    public static bool? Flag(this JsonElement element, string name) => element.Member(name)?.ValueKind switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.False => false,
        _ => true,
    };

    public static string Clip(this string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 3), "...");

    static JsonElement? Member(this JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            return null; // a property name of broken escapes
        }
    }
}
