using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Supervisor.Host.Configuration;

/// <summary>Options as JSON in the spelling of the file and with sorted keys: equal settings give equal text, however they were written.</summary>
internal static class OptionsJson
{
    public static JsonNode? Of(object? value)
    {
        switch (value)
        {
            case null or string or bool or int or double:
                return value switch { null => null, string s => JsonValue.Create(s), bool b => JsonValue.Create(b), int i => JsonValue.Create(i), _ => JsonValue.Create((double)value) };
            case decimal d:
                // 100.00 and 100.0 are one amount.
                return JsonValue.Create(d / 1.0000000000000000000000000000m);
            case TimeSpan or Supervisor.Messages.ByteSize or TimeOnly or Enum:
                return JsonValue.Create(Text(value));
            case IReadOnlyDictionary<string, string> map:
                return Sorted(map.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)JsonValue.Create(e.Value))));
            case IEnumerable items:
                return new JsonArray([.. items.Cast<object>().Select(Of)]);
            default:
                return Sorted(OptionsShape.Properties(value.GetType()).Select(p => KeyValuePair.Create(Spelling.Key(p), Of(p.GetValue(value)))));
        }
    }

    public static JsonObject Record(object options) => (JsonObject)Of(options)!;

    public static string Hash(JsonNode node) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(node.ToJsonString())));

    private static string Text(object value) => value switch
    {
        TimeSpan t => Spelling.Of(t),
        TimeOnly t => t.ToString("HH:mm", CultureInfo.InvariantCulture),
        Enum e => Spelling.Of(e.GetType(), e),
        _ => value.ToString()!,
    };

    private static JsonObject Sorted(IEnumerable<KeyValuePair<string, JsonNode?>> entries) => new(entries.OrderBy(e => e.Key, StringComparer.Ordinal));
}
