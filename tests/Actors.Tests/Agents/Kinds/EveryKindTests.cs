using System.Text;
using Supervisor.Actors.Agents.Kinds;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Agents.Kinds;

public sealed class EveryKindTests
{
    public static TheoryData<AgentKind> Kinds => [.. Enum.GetValues<AgentKind>()];

    public static TheoryData<AgentKind> Models => [AgentKind.ClaudeCode, AgentKind.Codex, AgentKind.OpenCode, AgentKind.Gemini];

    [Theory, MemberData(nameof(Kinds))]
    public void Every_kind_is_known_by_its_name(AgentKind kind) => Assert.Equal(kind, AgentKinds.For(kind).Kind);

    [Theory, MemberData(nameof(Models))]
    public void A_prompt_is_never_in_the_arguments(AgentKind kind)
    {
        var launch = Lines.Launch(kind);
        Assert.DoesNotContain(launch.Arguments, argument => argument.Contains("Secret plan", StringComparison.Ordinal));
        Assert.Contains("Secret plan", launch.Text(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Models))]
    public void A_resumed_session_gets_a_short_word_and_not_the_first_prompt(AgentKind kind)
    {
        var launch = Lines.Launch(kind, session: "s-1");
        Assert.Contains("s-1", launch.Arguments);
        Assert.Equal("s-1", launch.Session);
        Assert.DoesNotContain("Secret plan", launch.Text(), StringComparison.Ordinal);
        Assert.Contains(AgentKinds.Continue, launch.Text(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Models))]
    public void The_operators_command_of_several_words_replaces_the_program(AgentKind kind) =>
        Assert.Equal(["python3", "fake.py"], Lines.Launch(kind, command: ["python3", "fake.py"]).Arguments.Take(2));

    [Theory, MemberData(nameof(Models))]
    public void A_model_is_asked_for_at_the_start_and_at_every_resume(AgentKind kind)
    {
        foreach (var session in new[] { null, "s-1" })
        {
            var arguments = Lines.Launch(kind, session, model: "some/model").Arguments.ToList();
            Assert.Equal("some/model", arguments[arguments.IndexOf("--model") + 1]);
        }

        Assert.DoesNotContain("--model", Lines.Launch(kind).Arguments);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Rubbish_is_a_sign_of_life_and_never_an_exception(AgentKind kind)
    {
        var reader = AgentKinds.For(kind).CreateReader();
        string[] rubbish =
        [
            "{", "}", "{\"type\":\"resu", "null", "42", "\"text\"", "[]", "[{}]", "{}", "not json at all", "\0\0\0", "{\"type\":\"\\u0000\"}",
            "{\"type\":17}", "{\"type\":null}", "{\"type\":{}}", "{\"type\":\"never_heard_of\"}", "{\"type\":\"\\ud800\"}", "{\"ty\\ud800pe\":1}",
            "{\"type\":\"result\"}{\"type\":\"result\"}", new string('[', 5000), "{\"type\":\"" + new string('x', 1_000_000) + "\"}", new string('z', 1_000_000),
            "{\"type\":\"step_finish\",\"sessionID\":[],\"part\":{\"tokens\":{\"input\":1e400,\"output\":-5,\"cache\":7},\"cost\":1e28}}",
        ];
        Assert.All(rubbish, line => Assert.NotEmpty(reader.One(line)));
        Assert.NotEmpty(reader.Read([0x7b, 0x22, 0x74, 0x79, 0x70, 0x65, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d], Lines.Now)); // {"type":"\xff\xfe"}
    }

    [Theory]
    [InlineData(AgentKind.ClaudeCode, "claude-turn.jsonl")]
    [InlineData(AgentKind.ClaudeCode, "claude-refused.jsonl")]
    [InlineData(AgentKind.ClaudeCode, "claude-session-limit.jsonl")]
    [InlineData(AgentKind.Codex, "codex-turn.jsonl")]
    [InlineData(AgentKind.Codex, "codex-limited.jsonl")]
    [InlineData(AgentKind.OpenCode, "opencode-turn.jsonl")]
    [InlineData(AgentKind.Gemini, "gemini-turn.jsonl")]
    public void A_line_torn_or_damaged_anywhere_is_read_without_an_exception(AgentKind kind, string file)
    {
        var random = new Random(7);
        foreach (var line in Lines.Of(file))
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            var reader = AgentKinds.For(kind).CreateReader();
            for (var end = 1; end < bytes.Length; end += 7)
            {
                Assert.NotEmpty(reader.Read(bytes.AsSpan(0, end), Lines.Now));
            }

            for (var i = 0; i < 200; i++)
            {
                var damaged = bytes.ToArray();
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                damaged[random.Next(damaged.Length)] = (byte)"0\"{}[]:,\\n-"[random.Next(11)];
                // NUL at the front is no white space: even so it is a line.
                Assert.NotEmpty(reader.Read(damaged, Lines.Now));
            }
        }
    }

    [Theory]
    [InlineData(AgentKind.ClaudeCode, "{\"type\":V}|{\"type\":\"result\",\"subtype\":V,\"is_error\":V,\"result\":V,\"usage\":V,\"modelUsage\":V,\"total_cost_usd\":V,\"errors\":V,\"api_error_status\":V,\"session_id\":V}|{\"type\":\"assistant\",\"message\":V,\"error\":V}|{\"type\":\"assistant\",\"message\":{\"id\":\"m\",\"usage\":V,\"content\":V},\"error\":\"x\"}|{\"type\":\"stream_event\",\"event\":V}|{\"type\":\"stream_event\",\"event\":{\"type\":\"message_delta\",\"usage\":{\"output_tokens\":V}}}|{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":\"rejected\",\"resetsAt\":V}}|{\"type\":\"system\",\"subtype\":V,\"session_id\":V}")]
    [InlineData(AgentKind.Codex, "{\"type\":\"thread.started\",\"thread_id\":V}|{\"type\":\"turn.completed\",\"usage\":V}|{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":V}}|{\"type\":\"turn.failed\",\"error\":V}|{\"type\":\"item.completed\",\"item\":V}|{\"type\":\"error\",\"message\":V}")]
    [InlineData(AgentKind.OpenCode, "{\"type\":\"step_finish\",\"sessionID\":V,\"part\":V}|{\"type\":\"step_finish\",\"part\":{\"tokens\":{\"input\":V,\"cache\":V},\"cost\":V}}|{\"type\":\"error\",\"error\":V}|{\"type\":\"error\",\"error\":{\"name\":V,\"data\":V}}|{\"type\":\"text\",\"part\":V}")]
    [InlineData(AgentKind.Gemini, "{\"type\":\"init\",\"session_id\":V}|{\"type\":\"result\",\"status\":V,\"stats\":V,\"error\":V}|{\"type\":\"result\",\"status\":\"success\",\"stats\":{\"input_tokens\":V,\"total_tokens\":V}}|{\"type\":\"error\",\"message\":V}|{\"type\":\"message\",\"role\":V,\"content\":V}")]
    public void Fields_of_the_wrong_kind_are_as_good_as_absent(AgentKind kind, string templates)
    {
        string[] values = ["null", "true", "\"\"", "\"text\"", "-1", "3.5", "1e999", "99999999999999999999", "[]", "[null,1,{}]", "{}", "{\"a\":{\"b\":1}}", "\"\\udc00\""];
        foreach (var template in templates.Split('|'))
        {
            foreach (var value in values)
            {
                var reports = AgentKinds.For(kind).CreateReader().One(template.Replace("V", value, StringComparison.Ordinal));
                Assert.NotEmpty(reports);
                Assert.All(reports.OfType<AgentReport.Usage>(), usage => Assert.True(usage.Tokens.InputUncached >= 0 && usage.Tokens.Output >= 0 && usage.CostUsd is not < 0));
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void What_is_reported_of_a_huge_line_is_short(AgentKind kind)
    {
        var huge = new string('h', 1_000_000);
        var reader = AgentKinds.For(kind).CreateReader();
        string[] lines = [$"{{\"type\":\"error\",\"message\":\"{huge}\",\"severity\":\"error\",\"error\":\"{huge}\"}}", $"{{\"type\":\"result\",\"subtype\":\"success\",\"status\":\"success\",\"result\":\"{huge}\"}}", $"{{\"type\":\"{huge}\"}}"];
        Assert.All(lines.SelectMany(reader.One), report => Assert.InRange(report.ToString().Length, 1, 1500));
    }
}
