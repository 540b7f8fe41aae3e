using Supervisor.Actors.Agents.Kinds;

namespace Supervisor.Actors.Tests.Agents.Kinds;

public sealed class ProviderErrorsTests
{
    [Theory]
    [InlineData("Please try again in 20s.", 20)]
    [InlineData("Please try again in 5.202s", 5.202)]
    [InlineData("Please try again in 1m30.5s", 90.5)]
    [InlineData("or try again in 19 hours 59 minutes.", 71940)]
    [InlineData("Your quota will reset after 1h2m3s", 3723)]
    [InlineData("Please retry in 250ms", 0.25)]
    [InlineData("The limit resets in 1d 5h, please try again later.", 104400)]
    [InlineData("Retry-After: 30", 30)]
    [InlineData("\"retryDelay\": \"34.5s\"", 34.5)]
    public void A_wait_is_read_from_the_words(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), ProviderErrors.WaitIn(text));

    [Theory]
    [InlineData("try again at 3:48 AM")]
    [InlineData("try again later")]
    [InlineData("try again in 99999999999999999999s")]
    [InlineData("retry in 999999999 days")]
    public void A_wait_that_is_not_said_is_unknown(string text) => Assert.Null(ProviderErrors.WaitIn(text));

    [Theory]
    [InlineData("You've hit your usage limit. Visit https://example.test to purchase more credits or try again at Aug 8th, 2026 12:42 AM.", null)]
    [InlineData("Selected model is at capacity. Please try a different model.", null)]
    [InlineData("ThrottlingException: Too many tokens", null)]
    [InlineData("no words", 529L)]
    [InlineData("You exceeded your current quota, please check your plan and billing details. Please retry in 34s.", null)]
    public void A_limit_is_no_error(string text, long? status) => Assert.IsType<AgentReport.RateLimited>(ProviderErrors.Classify(text, status, "x", Lines.Now));

    [Theory]
    [InlineData("spend limit reached (daily; resets 2026-11-24 00:00 UTC)", 429L, "billing")]
    [InlineData("You exceeded your current quota, please check your plan and billing details.", null, "billing")]
    [InlineData("The model `gpt-9` does not exist or you do not have access to it.", 404L, "model_not_found")]
    [InlineData("unexpected status 401 Unauthorized", null, "authentication_failed")]
    [InlineData("API key not valid. Please pass a valid API key.", 400L, "authentication_failed")]
    [InlineData("worked for 14290 ms", null, "x")]
    public void An_error_is_told_by_its_words(string text, long? status, string expected) =>
        Assert.Equal(expected, Assert.IsType<AgentReport.Error>(ProviderErrors.Classify(text, status, "x", Lines.Now)).Class);
}
