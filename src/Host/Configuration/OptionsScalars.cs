using System.Globalization;
using Supervisor.Host.Configuration.Yaml;
using Supervisor.Messages;

namespace Supervisor.Host.Configuration;

/// <summary>One scalar as an option's type wants it. Text stays as written: no, on, 007 and ${HOME} are themselves.</summary>
internal static class OptionsScalars
{
    public static bool TryRead(Type type, YamlText text, out object? value)
    {
        value = null;
        var s = text.Value;
        switch (OptionsShape.Of(type))
        {
            case Shape.Text:
                value = s;
                return true;
            case Shape.Flag when text.Plain && (s is "true" or "false"):
                value = s == "true";
                return true;
            case Shape.Whole when text.Plain && IsPlainNumber(s) && int.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                value = whole;
                return true;
            case Shape.Number when text.Plain && IsPlainNumber(s) && double.TryParse(s, Fraction, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number):
                value = number;
                return true;
            case Shape.Money when text.Plain && IsPlainNumber(s) && decimal.TryParse(s, Fraction, CultureInfo.InvariantCulture, out var money):
                value = money;
                return true;
            case Shape.Duration when Spelling.TryDuration(s, out var duration):
                value = duration;
                return true;
            case Shape.Size when Nullable.GetUnderlyingType(type) is not null && (s is "" or "0"):
                return true;
            case Shape.Size:
                return TrySize(s, out value);
            case Shape.Time when TimeOnly.TryParseExact(s, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time):
                value = time;
                return true;
            case Shape.Choice:
                return Spelling.TryEnum(OptionsShape.Plain(type), s, out value);
            default:
                return false;
        }
    }

    private const NumberStyles Fraction = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    // 010 is eight to one reader and ten to another.
    private static bool IsPlainNumber(string s)
    {
        var digits = s.AsSpan().TrimStart("+-");
        return digits.Length > 0 && char.IsAsciiDigit(digits[0]) && char.IsAsciiDigit(digits[^1]) && (digits[0] != '0' || digits.Length == 1 || digits[1] == '.');
    }

    private static bool TrySize(string text, out object? value)
    {
        var ok = Spelling.TrySize(text, out var bytes);
        value = ok ? new ByteSize(bytes) : null;
        return ok;
    }
}
