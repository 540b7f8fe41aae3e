using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Supervisor.Messages;

namespace Supervisor.Actors.Serialization;

/// <summary>
/// How our records become JSON: camelCase, ids as plain strings, enums in kebab-case. A field that an older node does not
/// know is skipped; a field that an older node did not write takes its default.
/// </summary>
public static class WireJson
{
    /// <summary>Between nodes and in the journal: times to the tick.</summary>
    public static readonly JsonSerializerOptions Wire = Create(new ExactTimeConverter());

    /// <summary>For people and their scripts: UTC with milliseconds and a Z.</summary>
    public static readonly JsonSerializerOptions Public = Create(new PublicTimeConverter());

    public const string PublicTimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(PublicTimeFormat, CultureInfo.InvariantCulture);

    private static JsonSerializerOptions Create(JsonConverter<DateTimeOffset> time)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            // Reflection and not source generation: generated code sets init properties that are missing from the JSON
            // to null and zero instead of leaving their defaults, and so would break every field added later.
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            IgnoreReadOnlyProperties = true,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters =
            {
                new AgentIdConverter(), new RepositoryIdConverter(), new ByteSizeConverter(), time,
                new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    private sealed class AgentIdConverter : JsonConverter<AgentId>
    {
        public override AgentId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);
        public override void Write(Utf8JsonWriter writer, AgentId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    private sealed class RepositoryIdConverter : JsonConverter<RepositoryId>
    {
        public override RepositoryId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);
        public override void Write(Utf8JsonWriter writer, RepositoryId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    private sealed class ByteSizeConverter : JsonConverter<ByteSize>
    {
        public override ByteSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());
        public override void Write(Utf8JsonWriter writer, ByteSize value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Bytes);
    }

    private sealed class ExactTimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTimeOffset.ParseExact(reader.GetString()!, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("O", CultureInfo.InvariantCulture));
    }

    private sealed class PublicTimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();
        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Time(value));
    }
}
