using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Supervisor.Actors.Serialization;

namespace Supervisor.Host.Logging;

/// <summary>Writes a record as one line: <c>{"at":"...","level":"info","event":"agent.exited","msg":"...","node":"n1","agent":"A1","run":2}</c>.</summary>
public static class LogLines
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(LogRecord record, LogFormat format) => format == LogFormat.Json ? WriteJson(record) : WriteText(record);

    private static string WriteJson(LogRecord record)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteString("at", WireJson.Time(record.At));
            json.WriteString("level", Level(record.Level));
            json.WriteString("event", record.Event);
            json.WriteString("msg", record.Message);
            json.WriteString("node", record.Node);
            foreach (var (name, value) in record.Fields)
            {
                json.WritePropertyName(name);
                WriteValue(json, value);
            }

            if (record.Exception is { } e)
            {
                json.WriteString("error.type", e.GetType().FullName);
                json.WriteString("error", e.ToString());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool b: json.WriteBooleanValue(b); break;
            case int or long or short or byte: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case JsonElement element: element.WriteTo(json); break;
            case DateTimeOffset at: json.WriteStringValue(WireJson.Time(at)); break;
            case IFormattable f: json.WriteStringValue(f.ToString(null, CultureInfo.InvariantCulture)); break;
            default: json.WriteStringValue(value.ToString()); break;
        }
    }

    private static string WriteText(LogRecord record)
    {
        var line = new StringBuilder();
        line.Append(WireJson.Time(record.At)).Append(' ').Append(Level(record.Level).ToUpperInvariant().PadRight(5)).Append(' ')
            .Append(record.Event).Append(": ").Append(record.Message);
        foreach (var (name, value) in record.Fields)
        {
            line.Append(' ').Append(name).Append('=').Append(Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        if (record.Exception is { } e)
        {
            line.Append(" | ").Append(e);
        }

        // One line each, and nothing from outside moves the cursor of a terminal.
        return string.Concat(line.ToString().Select(c => c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\t", _ when char.IsControl(c) => "?", _ => c.ToString() }));
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}
