using System.Text;
using System.Text.Json;
using Supervisor.Actors.Agents.Kinds;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Agents.Kinds;

public sealed class ClaudeCodeKindTests
{
    const string Session = "6f1c2a3b-0000-4000-8000-000000000001";
    readonly IStreamReader _reader = AgentKinds.For(AgentKind.ClaudeCode).CreateReader();

    [Fact]
    public void A_first_start_names_its_own_session() => Assert.Equal(
        ["claude", "-p", "--output-format", "stream-json", "--input-format", "stream-json", "--verbose", "--include-partial-messages",
            "--session-id", "11111111-2222-4333-8444-555555555555", "--model", "haiku", "--permission-mode", "acceptEdits"],
        Lines.Launch(AgentKind.ClaudeCode, model: "haiku", args: ["--permission-mode", "acceptEdits"]).Arguments);

    [Fact]
    public void A_resume_names_the_session_to_resume() => Assert.Equal(
        ["--resume", Session], Lines.Launch(AgentKind.ClaudeCode, Session).Arguments.Skip(8));

    [Fact]
    public void The_session_is_known_before_any_output_and_input_stays_open()
    {
        var launch = Lines.Launch(AgentKind.ClaudeCode);
        Assert.Equal("11111111-2222-4333-8444-555555555555", launch.Session);
        Assert.True(launch.KeepInputOpen);
    }

    [Fact]
    public void A_message_is_one_line_of_stream_json()
    {
        var bytes = AgentKinds.For(AgentKind.ClaudeCode).Message("a \"quote\"\nand ünïcode \ud83d\ude00 and half \ud83d")!.Value.ToArray();
        Assert.Equal(1, bytes.Count(b => b == '\n'));
        using var line = JsonDocument.Parse(bytes);
        Assert.Equal("user", line.RootElement.GetProperty("type").GetString());
        Assert.Equal("a \"quote\"\nand ünïcode \ud83d\ude00 and half \ufffd",
            line.RootElement.GetProperty("message").GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public void A_whole_turn_gives_session_usage_and_result()
    {
        var reports = _reader.All("claude-turn.jsonl");
        Assert.Equal(new AgentReport.SessionStarted(Session, "us.anthropic.claude-sonnet-4-6"), reports.Only<AgentReport.SessionStarted>());
        Assert.Equal(new AgentReport.Usage(new TokenTotals(41, 902113, 30211 - 112, 112, 5120), 0.4312m), reports.Final<AgentReport.Usage>());
        Assert.Equal(new AgentReport.Result(true, "done"), reports.Only<AgentReport.Result>());
        Assert.Empty(reports.OfType<AgentReport.Error>());
    }

    [Fact]
    public void Output_is_counted_from_the_stream_and_never_from_the_placeholder()
    {
        var lines = Lines.Of("claude-turn.jsonl");
        Assert.Equal(0, lines.Take(4).SelectMany(_reader.One).Final<AgentReport.Usage>().Tokens.Output);
        Assert.Equal(new AgentReport.Usage(new TokenTotals(3, 148230, 2000, 112, 812), null), _reader.One(lines[4]).Only<AgentReport.Usage>());
    }

    [Fact]
    public void Two_lines_of_one_call_are_one_call()
    {
        var usages = Lines.Of("claude-turn.jsonl").Take(4).SelectMany(_reader.One).OfType<AgentReport.Usage>();
        Assert.Equal(new TokenTotals(3, 148230, 2000, 112, 0), Assert.Single(usages).Tokens);
    }

    [Fact]
    public void Doubled_lines_change_no_total()
    {
        var reports = Lines.Of("claude-turn.jsonl").SelectMany(line => _reader.One(line).Concat(_reader.One(line)));
        Assert.Equal(new AgentReport.Usage(new TokenTotals(41, 902113, 30211 - 112, 112, 5120), 0.4312m), reports.Final<AgentReport.Usage>());
    }

    [Fact]
    public void The_second_result_of_a_process_holds_the_first()
    {
        _reader.One(Result(cost: 0.4m, output: 100));
        Assert.Equal(new AgentReport.Usage(new TokenTotals(10, 0, 0, 0, 150), 0.6m), _reader.One(Result(cost: 0.6m, output: 150)).Only<AgentReport.Usage>());
    }

    [Fact]
    public void Calls_after_a_result_count_on_top_of_it()
    {
        _reader.One(Result(cost: 0.4m, output: 100));
        _reader.One("""{"type":"stream_event","event":{"type":"message_start","message":{"id":"m2","usage":{"input_tokens":5,"output_tokens":1}}}}""");
        var usage = _reader.One("""{"type":"stream_event","event":{"type":"message_delta","usage":{"output_tokens":30}}}""").Only<AgentReport.Usage>();
        Assert.Equal(new AgentReport.Usage(new TokenTotals(15, 0, 0, 0, 130), null), usage);
    }

    [Fact]
    public void A_call_told_again_after_its_result_is_not_counted_again()
    {
        var lines = Lines.Of("claude-turn.jsonl");
        var before = lines.SelectMany(_reader.One).Final<AgentReport.Usage>();
        Assert.Empty(_reader.One(lines[2]).OfType<AgentReport.Usage>());
        Assert.Equal(41, before.Tokens.InputUncached);
    }

    [Fact]
    public void A_cleared_conversation_starts_again_from_zero_and_takes_nothing_back()
    {
        _reader.One(Result(cost: 0.4m, output: 100));
        _reader.One("""{"type":"conversation_reset","new_conversation_id":"c2","session_id":"s1","uuid":"u1"}""");
        Assert.Equal(new AgentReport.Usage(new TokenTotals(20, 0, 0, 0, 600), 0.9m),
            _reader.One(Result(cost: 0.5m, output: 500, session: "s2")).Only<AgentReport.Usage>());
    }

    [Fact]
    public void A_total_that_drops_without_a_word_is_a_cleared_conversation_too()
    {
        _reader.One(Result(cost: 0.4m, output: 100));
        Assert.Equal(0.5m, _reader.One(Result(cost: 0.1m, output: 10)).Only<AgentReport.Usage>().CostUsd);
    }

    [Fact]
    public void Calls_of_a_conversation_cleared_without_a_word_are_counted_once()
    {
        _reader.One(Result(cost: 0.4m, output: 100));
        _reader.One("""{"type":"stream_event","event":{"type":"message_delta","usage":{"output_tokens":10}}}""");
        Assert.Equal(110, _reader.One(Result(cost: 0.1m, output: 10)).Only<AgentReport.Usage>().Tokens.Output);
    }

    [Fact]
    public void Calls_before_a_clearing_that_no_result_counted_are_not_lost()
    {
        _reader.One(Result(cost: 0.4m, output: 100));
        _reader.One("""{"type":"stream_event","event":{"type":"message_delta","usage":{"output_tokens":10}}}""");
        _reader.One("""{"type":"conversation_reset","new_conversation_id":"c2"}""");
        Assert.Equal(160, _reader.One(Result(cost: 0.5m, output: 50)).Only<AgentReport.Usage>().Tokens.Output);
    }

    [Fact]
    public void The_zeros_of_an_aborted_turn_take_nothing_back_and_add_nothing_later()
    {
        _reader.One(Result(cost: 0.4m, output: 100));
        Assert.Equal(0.4m, _reader.One(Result(cost: 0, output: 0, input: 0)).Only<AgentReport.Usage>().CostUsd);
        Assert.Equal(0.6m, _reader.One(Result(cost: 0.6m, output: 150)).Only<AgentReport.Usage>().CostUsd);
    }

    [Fact]
    public void Subagents_are_in_the_usage_by_model()
    {
        var usage = _reader.One("""{"type":"result","subtype":"success","is_error":false,"total_cost_usd":1,"usage":{"input_tokens":1,"output_tokens":2},"modelUsage":{"sonnet":{"inputTokens":1,"outputTokens":2},"haiku":{"inputTokens":10,"outputTokens":20,"cacheReadInputTokens":5}}}""").Only<AgentReport.Usage>();
        Assert.Equal(new TokenTotals(11, 5, 0, 0, 22), usage.Tokens);
    }

    [Fact]
    public void A_budget_refusal_is_an_error_although_its_subtype_says_success()
    {
        var reports = _reader.All("claude-refused.jsonl");
        Assert.False(reports.Only<AgentReport.Result>().Success);
        Assert.Equal("billing", reports.Only<AgentReport.Error>().Class);
        Assert.Empty(reports.OfType<AgentReport.RateLimited>());
    }

    [Fact]
    public void A_session_limit_waits_until_the_time_its_event_named()
    {
        var reports = _reader.All("claude-session-limit.jsonl");
        Assert.All(reports.OfType<AgentReport.RateLimited>(), limit => Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795440000), limit.Until));
        Assert.Equal(3, reports.OfType<AgentReport.RateLimited>().Count());
        Assert.False(reports.Only<AgentReport.Result>().Success);
    }

    [Fact]
    public void A_time_of_reset_may_come_in_milliseconds() => Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795440000),
        _reader.One("""{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1795440000000}}""").Only<AgentReport.RateLimited>().Until);

    [Theory]
    [InlineData("allowed", "false")]
    [InlineData("allowed_warning", "false")]
    [InlineData("rejected", "true")]
    public void A_limit_that_does_not_refuse_is_activity(string status, string overage) => Assert.IsType<AgentReport.Activity>(Assert.Single(
        _reader.One($$$"""{"type":"rate_limit_event","rate_limit_info":{"status":"{{{status}}}","resetsAt":1795440000,"isUsingOverage":{{{overage}}}}}""")));

    [Fact]
    public void A_retry_of_the_client_is_activity_with_its_detail() => Assert.Equal(
        new AgentReport.Activity("api_retry 2/10 in 2000ms: 529 overloaded"), Assert.Single(_reader.One(Lines.Of("claude-turn.jsonl")[7])));

    [Theory]
    [InlineData("rate_limit")]
    [InlineData("overloaded")]
    public void An_overloaded_provider_is_a_limit_without_a_known_end(string error) =>
        Assert.Null(_reader.One($$$"""{"type":"assistant","error":"{{{error}}}","message":{"content":[]}}""").Only<AgentReport.RateLimited>().Until);

    [Theory]
    [InlineData("billing_error", "billing")]
    [InlineData("authentication_failed", "authentication_failed")]
    [InlineData("model_not_found", "model_not_found")]
    [InlineData("server_error", "server_error")]
    public void An_assistants_error_keeps_its_class(string error, string expected) =>
        Assert.Equal(expected, _reader.One($$$"""{"type":"assistant","error":"{{{error}}}","message":{"content":[]}}""").Only<AgentReport.Error>().Class);

    [Fact]
    public void A_result_of_too_many_turns_is_a_failure_of_that_class()
    {
        var reports = _reader.One("""{"type":"result","subtype":"error_max_turns","is_error":true,"errors":["Reached maximum number of turns (5)"]}""");
        Assert.Equal(new AgentReport.Error("error_max_turns", "Reached maximum number of turns (5)"), reports.Only<AgentReport.Error>());
        Assert.False(reports.Only<AgentReport.Result>().Success);
    }

    [Theory]
    [InlineData("/srv/my.app_1", "CLAUDE_CONFIG_DIR", "/etc/claude/", "/etc/claude/projects/-srv-my-app-1/s.jsonl")]
    [InlineData("/srv/app/", "HOME", "/home/u", "/home/u/.claude/projects/-srv-app/s.jsonl")]
    [InlineData("/srv/app", "OTHER", "/x", null)]
    public void The_transcript_is_found_by_the_agents_own_environment(string directory, string variable, string value, string? expected) => Assert.Equal(expected,
        AgentKinds.For(AgentKind.ClaudeCode).SessionFile("s", directory, new Dictionary<string, string> { [variable] = value }));

    static string Result(decimal cost, int output, int input = 10, string session = "s1") =>
        $$$"""{"type":"result","subtype":"success","is_error":false,"session_id":"{{{session}}}","total_cost_usd":{{{cost}}},"usage":{"input_tokens":{{{input}}},"output_tokens":{{{output}}}}}""";
}
