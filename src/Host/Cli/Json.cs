using System.Text.Json;

namespace Supervisor.Host.Cli;

/// <summary>Reads the daemon's documents by name, so that an older client shows what it knows of a newer daemon.</summary>
public static class Json
{
    /// <summary>Empty when it is absent or null.</summary>
    public static string Text(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return "";
            }
        }

        return element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? "" : element.ToString();
    }

    public static IReadOnlyList<JsonElement> Items(this JsonElement element, string? name = null)
    {
        var list = element;
        return (name is null || element.TryGetProperty(name, out list)) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
    }
}
