using System.Globalization;
using System.Text.RegularExpressions;

namespace Supervisor.Actors.Agents.Kinds;

/// <summary>
/// What a provider's refusal means, told from its words: the agents pass on the text and seldom its class.
/// A rate limit is waited for, spent money is not, and a bad key never mends by itself.
/// </summary>
public static partial class ProviderErrors
{
    /// <summary>The provider or the gateway refuses because the money is spent.</summary>
    public const string Billing = "billing";
    public const string Authentication = "authentication_failed";
    public const string ModelNotFound = "model_not_found";

    const int MaxDetail = 500;
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(35);

    /// <param name="status">The HTTP status, where the agent passes it on.</param>
    /// <param name="fallback">The class of an error whose words say nothing we know.</param>
    public static AgentReport Classify(string text, long? status, string fallback, DateTimeOffset now)
    {
        var detail = text.Clip(MaxDetail);
        var wait = WaitIn(detail);
        var limit = status is 429 or 503 or 529 || RateLimitWords().IsMatch(detail);

        // "You exceeded your current quota, please check your plan and billing details. Please retry in 34.07s": a time to come
        // back makes it a limit; the same words without one mean an empty account.
        if (limit && wait is not null)
        {
            return new AgentReport.RateLimited(now + wait, detail);
        }

        if (status == 402 || BillingWords().IsMatch(detail))
        {
            return new AgentReport.Error(Billing, detail);
        }

        if (limit)
        {
            return new AgentReport.RateLimited(null, detail);
        }

        if (status is 401 or 403 || AuthenticationWords().IsMatch(detail))
        {
            return new AgentReport.Error(Authentication, detail);
        }

        return new AgentReport.Error(ModelWords().IsMatch(detail) ? ModelNotFound : fallback, detail);
    }

    /// <summary>
    /// "Please try again in 20s", "... in 1m30.5s", "or try again in 19 hours 59 minutes", "Your quota will reset after 21h53m56s",
    /// "Please retry in 250ms", "The limit resets in 1d 5h", "retry-after: 30". Null: no such words. A time of day ("try again at
    /// 3:48 AM") is none either: nobody says in which zone.
    /// </summary>
    public static TimeSpan? WaitIn(string text)
    {
        var wait = WaitWords().Match(text);
        if (!wait.Success)
        {
            return null;
        }

        var seconds = 0.0;
        foreach (Match part in DurationPart().Matches(wait.Groups["time"].Value))
        {
            var unit = part.Groups["unit"].Value.ToLowerInvariant();
            seconds += double.Parse(part.Groups["n"].Value, CultureInfo.InvariantCulture) * (unit switch
            {
                "" => 1,
                "ms" or "millisecond" or "milliseconds" => 0.001,
                _ when unit[0] == 's' => 1,
                _ when unit[0] == 'm' => 60,
                _ when unit[0] == 'h' => 3600,
                _ => 86400,
            });
        }

        return seconds <= LongestWait.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    const string Units = "ms|milliseconds?|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d";

    [GeneratedRegex(@"(?:try again in|retry in|retry[- _]?after|resets? (?:after|in)|retryDelay)[""':=\s]*(?<time>(?:\d{1,9}(?:\.\d{1,9})?\s?(?:" + Units + @")(?![a-z])[\s,]*(?:and\s)?)+|\d{1,9}(?:\.\d{1,9})?)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WaitWords();

    [GeneratedRegex(@"(?<n>\d{1,9}(?:\.\d{1,9})?)\s?(?<unit>(?:" + Units + @")(?![a-z]))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DurationPart();

    [GeneratedRegex(@"rate[ _-]?limit|too many requests|(usage|session|weekly|daily|request) limit|quota|overloaded|at capacity|exhausted your capacity|resource[ _]exhausted|throttl|(?<!\d)(429|529)(?!\d)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RateLimitWords();

    [GeneratedRegex(@"billing|spend(ing)? limit|insufficient[ _](quota|balance|credits?|funds)|credit balance|requires more credits|payment required|(?<!\d)402(?!\d)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BillingWords();

    [GeneratedRegex(@"authenticat|unauthorized|(invalid|incorrect|missing)[ _]api[ _]key|api key not valid|not logged in|please run /login|(?<!\d)401(?!\d)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AuthenticationWords();

    [GeneratedRegex(@"model[ _]?not[ _]?found|model .{0,80}(does not exist|is not supported|not found)|unknown model|no such model", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ModelWords();
}
