using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Endpoints;

/// <summary>The contract's words for our enums, and what of a URL is well-formed.</summary>
public static partial class Words
{
    public static string Of(AgentPhase phase) => JsonNamingPolicy.KebabCaseLower.ConvertName(phase.ToString());

    /// <summary>Null: no agent can have this name. Names become paths, so nothing else gets past here.</summary>
    public static AgentId? Agent(string text) => AgentName().IsMatch(text) && !text.EndsWith('\n') ? new AgentId(text) : null;

    /// <summary>500ms, 10s, 2m, 1h; null: none of these.</summary>
    public static TimeSpan? Duration(string text)
    {
        var match = DurationText().Match(text);
        if (!match.Success || !double.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var unit = match.Groups[2].Value switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, _ => 86400.0 };
        return number * unit < TimeSpan.FromDays(36500).TotalSeconds ? TimeSpan.FromSeconds(number * unit) : null;
    }

    [GeneratedRegex(AgentOptions.NamePattern)]
    private static partial Regex AgentName();

    [GeneratedRegex(@"\A([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)\z")]
    private static partial Regex DurationText();
}
