using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Host.Configuration;

/// <summary>How names and values are written in a configuration file.</summary>
internal static class Spelling
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    private static readonly (string Unit, int Shift)[] Sizes = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("B", 0)];

    public static string Key(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    public static string Of(Type type, object value)
    {
        var name = Enum.GetName(type, value)!;
        return type.GetField(name)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.KebabCaseLower.ConvertName(name);
    }

    public static IReadOnlyList<string> Names(Type type) => [.. Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(v => Of(type, Enum.ToObject(type, v)))];

    public static bool TryEnum(Type type, string text, out object? value)
    {
        value = Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(v => Enum.ToObject(type, v)).FirstOrDefault(v => Of(type, v) == text);
        return value is not null;
    }

    public static string Of(TimeSpan value)
    {
        var unit = Units.FirstOrDefault(u => value.Ticks % u.Length.Ticks == 0, Units[^1]);
        return value == TimeSpan.Zero ? "0" : $"{value.Ticks / unit.Length.Ticks}{unit.Unit}";
    }

    public static bool TryDuration(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }
        var digits = text.Length - text.AsSpan().TrimStart("0123456789").Length;
        var unit = Units.FirstOrDefault(u => u.Unit == text[digits..]);
        if (digits is 0 or > 9 || unit.Unit is null)
        {
            return false;
        }
        // Nine digits of days are more than a TimeSpan holds, and more than any range allows: the longest will do to say so.
        var ticks = decimal.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture) * unit.Length.Ticks;
        value = ticks <= TimeSpan.MaxValue.Ticks ? new TimeSpan((long)ticks) : TimeSpan.FromDays(10_675_199);
        return true;
    }

    public static bool TrySize(string text, out long bytes)
    {
        bytes = 0;
        if (text == "0")
        {
            return true;
        }
        var digits = text.Length - text.AsSpan().TrimStart("0123456789").Length;
        var unit = Sizes.FirstOrDefault(u => u.Unit == text[digits..]);
        if (digits is 0 or > 18 || unit.Unit is null)
        {
            return false;
        }
        var count = long.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
        bytes = count << unit.Shift;
        return bytes >> unit.Shift == count;
    }
}
