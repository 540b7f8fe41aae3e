using Supervisor.Actors.Agents.Kinds;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Agents.Kinds;

public sealed class OpenCodeKindTests
{
    readonly IStreamReader _reader = AgentKinds.For(AgentKind.OpenCode).CreateReader();

    [Fact]
    public void A_resume_continues_the_session() => Assert.Equal(
        ["opencode", "run", "--format", "json", "--session", "ses_1", "--model", "p/m", "--auto"],
        Lines.Launch(AgentKind.OpenCode, "ses_1", "p/m", ["--auto"]).Arguments);

    [Fact]
    public void Steps_are_summed_and_reasoning_is_output()
    {
        var reports = _reader.All("opencode-turn.jsonl");
        Assert.Equal("ses_1", reports.Only<AgentReport.SessionStarted>().Session);
        Assert.Equal(new AgentReport.Usage(new TokenTotals(1300, 177500, 1500, 0, 370), 0.0200m), reports.Final<AgentReport.Usage>());
        Assert.Equal(new AgentReport.Result(true, "Done."), reports.Only<AgentReport.Result>());
    }

    [Fact]
    public void A_doubled_step_is_one_step()
    {
        var lines = Lines.Of("opencode-turn.jsonl");
        Assert.Equal(370, lines.Concat(lines).SelectMany(_reader.One).Final<AgentReport.Usage>().Tokens.Output);
    }

    [Fact]
    public void A_cost_of_zero_is_an_unknown_price() => Assert.Null(
        _reader.One("""{"type":"step_finish","part":{"id":"p","cost":0,"tokens":{"input":10,"output":1}}}""").Only<AgentReport.Usage>().CostUsd);

    [Fact]
    public void A_limit_waits_as_long_as_the_header_says() => Assert.Equal(Lines.Now.AddSeconds(30),
        _reader.One("""{"type":"error","sessionID":"ses_1","error":{"name":"APIError","data":{"message":"Rate limit exceeded","statusCode":429,"responseHeaders":{"retry-after":"30"}}}}""").Only<AgentReport.RateLimited>().Until);

    [Theory]
    [InlineData("""{"name":"APIError","data":{"message":"Insufficient balance. Manage your billing here: https://example.test","statusCode":401}}""", "billing")]
    [InlineData("""{"type":"provider.quota","message":"This request requires more credits, or fewer max_tokens.","status":402}""", "billing")]
    [InlineData("""{"name":"APIError","data":{"message":"Invalid Authentication","statusCode":401}}""", "authentication_failed")]
    [InlineData("""{"name":"ProviderAuthError","data":{"message":"no key"}}""", "authentication_failed")]
    [InlineData("""{"name":"ProviderModelNotFoundError","data":{"message":"Model not found: x/y"}}""", "model_not_found")]
    [InlineData("""{"name":"UnknownError","data":{"message":"Unexpected server error."}}""", "UnknownError")]
    [InlineData("\"ollama refused connection\"", "error")]
    public void An_error_has_the_class_of_its_cause(string error, string expected) =>
        Assert.Equal(expected, _reader.One($$"""{"type":"error","sessionID":"s","error":{{error}}}""").Only<AgentReport.Error>().Class);

    [Fact]
    public void Done_after_an_error_is_no_success()
    {
        _reader.One("""{"type":"error","error":{"name":"UnknownError","data":{"message":"boom"}}}""");
        Assert.Equal(new AgentReport.Result(false, "boom"), _reader.One("""{"type":"done","reason":"idle"}""").Only<AgentReport.Result>());
    }
}
