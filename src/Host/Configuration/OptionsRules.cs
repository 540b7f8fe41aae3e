using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Supervisor.Host.Configuration.Yaml;

namespace Supervisor.Host.Configuration;

/// <summary>
/// The annotations of an option, checked with the place of what breaks them. On a list, a range or pattern is for each item; on a mapping, a
/// pattern is for each key.
/// </summary>
internal static class OptionsRules
{
    public static void Check(ValidationAttribute rule, string key, object? value, YamlNode node, ErrorList errors)
    {
        var each = rule is RangeAttribute or RegularExpressionAttribute;
        switch (value)
        {
            case IReadOnlyDictionary<string, string> when each && node is YamlMap map:
                foreach (var entry in map.Entries)
                {
                    One(rule, key, entry.Key.Value, entry.Key.At, errors, allowEmpty: false);
                }
                break;
            case Array items when each && node is YamlList list:
                for (var i = 0; i < items.Length; i++)
                {
                    One(rule, key, items.GetValue(i), list.Items[i].At, errors, allowEmpty: false);
                }
                break;
            default:
                One(rule, key, value, node.At, errors, allowEmpty: true);
                break;
        }
    }

    private static void One(ValidationAttribute rule, string key, object? value, Position at, ErrorList errors, bool allowEmpty)
    {
        // RegularExpressionAttribute passes empty text by itself; as an item of a list that is never meant.
        if (!rule.IsValid(value) || (!allowEmpty && value is ""))
        {
            errors.Add(at, Message(rule, key, value));
        }
    }

    private static string Message(ValidationAttribute rule, string key, object? value) => rule switch
    {
        RangeAttribute range => $"'{key}' is out of range: {Written(value)}; allowed: {Range(range)}",
        RegularExpressionAttribute pattern => $"'{key}' cannot be {YamlText.Quote(value as string ?? "")}; allowed: {pattern.ErrorMessage ?? pattern.Pattern}",
        RequiredAttribute => $"'{key}' must not be empty",
        MinLengthAttribute => $"'{key}' must not be empty",
        MaxLengthAttribute max => $"'{key}' is longer than {max.Length} characters",
        _ => throw new NotSupportedException($"no words for {rule.GetType().Name}"),
    };

    public static string Range(RangeAttribute range) =>
        (range.MinimumIsExclusive ? "more than " : "") + $"{Limit(range, range.Minimum)} to {Limit(range, range.Maximum)}";

    private static string Limit(RangeAttribute range, object limit) =>
        range.OperandType == typeof(TimeSpan) ? Spelling.Of(limit as TimeSpan? ?? TimeSpan.Parse((string)limit, CultureInfo.InvariantCulture)) : Written(limit);

    private static string Written(object? value) => value is TimeSpan duration ? Spelling.Of(duration) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
