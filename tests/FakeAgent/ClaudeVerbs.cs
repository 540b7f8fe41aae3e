using System.Globalization;
using System.Text.Json;

namespace Supervisor.FakeAgent;

/// <summary>Claude Code's stream-json, line by line as the real program writes it.</summary>
internal static class ClaudeVerbs
{
    private static int _messages;

    public static IReadOnlyDictionary<string, Action<Interpreter, Script>> All { get; } = new Dictionary<string, Action<Interpreter, Script>>
    {
        ["claude-init"] = (me, _) => Init(me),
        ["claude-say"] = (me, script) => Say(me, script.Word()),
        ["claude-result"] = (me, script) => Result(me, script.Word()),
        ["claude-read"] = (me, _) => me.ReadLine(),
        ["claude-read-to"] = (me, script) => FileVerbs.Append(script.Word(), (me.ReadLine() ?? "<end>") + "\n"),
        ["claude-converse"] = (me, _) => Converse(me),
        ["claude-rate-limit"] = (me, script) => RateLimit(me, DateTimeOffset.UtcNow + script.Duration()),
        ["claude-auth-error"] = (me, _) => Error(me, "authentication_failed", 401, "Invalid API key · Please run /login"),
        ["claude-overloaded"] = (me, _) => Error(me, "overloaded", 529, "API Error: 529 Overloaded"),
    };

    // {"type":"system","subtype":"init","session_id":"6f1c…","uuid":"…","cwd":"/w","model":"…","tools":["Bash"],…}
    private static void Init(Interpreter me) =>
        Line(me, "system", $"\"subtype\":\"init\",\"cwd\":{Text(Environment.CurrentDirectory)},\"model\":{Text(me.Invocation.Model)},\"tools\":[\"Bash\",\"Read\"],\"mcp_servers\":[],\"permissionMode\":\"bypassPermissions\",\"apiKeySource\":\"none\",\"claude_code_version\":\"2.1.240\"");

    // {"type":"assistant","session_id":"6f1c…","uuid":"…","parent_tool_use_id":null,"message":{…,"usage":{…}}}
    private static void Say(Interpreter me, string text) => Line(me, "assistant", $"\"parent_tool_use_id\":null,{Message(me, text)}");

    // {"type":"result","subtype":"success","is_error":false,…,"total_cost_usd":0.4312,"usage":{…},"modelUsage":{…}}
    private static void Result(Interpreter me, string text) =>
        Line(me, "result", $"\"subtype\":\"success\",\"is_error\":false,\"num_turns\":1,\"duration_ms\":12,\"duration_api_ms\":10,\"result\":{Text(text)},\"stop_reason\":\"end_turn\",\"total_cost_usd\":0.0021,\"usage\":{{\"input_tokens\":3,\"output_tokens\":12,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0}},\"modelUsage\":{{}},\"permission_denials\":[]");

    // {"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1795435200,…},…}
    private static void RateLimit(Interpreter me, DateTimeOffset until)
    {
        var resetsAt = until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        Line(me, "rate_limit_event", $"\"rate_limit_info\":{{\"status\":\"rejected\",\"resetsAt\":{resetsAt},\"rateLimitType\":\"five_hour\",\"isUsingOverage\":false}}");
        Error(me, "rate_limit", 429, $"Claude AI usage limit reached|{resetsAt}");
    }

    private static void Error(Interpreter me, string error, int status, string text)
    {
        Line(me, "assistant", $"\"parent_tool_use_id\":null,\"error\":{Text(error)},{Message(me, text)}");
        Line(me, "result", $"\"subtype\":\"success\",\"is_error\":true,\"api_error_status\":{status.ToString(CultureInfo.InvariantCulture)},\"num_turns\":1,\"result\":{Text(text)},\"stop_reason\":\"stop_sequence\",\"total_cost_usd\":0,\"usage\":{{\"input_tokens\":0,\"output_tokens\":0}},\"modelUsage\":{{}}");
    }

    // Answers each message that comes in, until there will be no more.
    private static void Converse(Interpreter me)
    {
        while (me.ReadLine() is not null)
        {
            Say(me, "understood");
            Result(me, "done");
        }
    }

    private static string Message(Interpreter me, string text) =>
        $"\"message\":{{\"id\":\"msg_fake_{++_messages}\",\"type\":\"message\",\"role\":\"assistant\",\"model\":{Text(me.Invocation.Model)},\"content\":[{{\"type\":\"text\",\"text\":{Text(text)}}}],\"stop_reason\":null,\"usage\":{{\"input_tokens\":3,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":1,\"service_tier\":\"standard\"}}}}";

    private static void Line(Interpreter me, string type, string rest) =>
        me.Out($"{{\"type\":{Text(type)},\"session_id\":{Text(me.Invocation.Session)},\"uuid\":{Text(Guid.NewGuid().ToString())},{rest}}}\n");

    public static string Text(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
