using System.Globalization;
using static Supervisor.FakeAgent.ClaudeVerbs;

namespace Supervisor.FakeAgent;

/// <summary>The least that the other agents' streams hold: a session, some work, an end.</summary>
internal static class OtherAgentVerbs
{
    public static IReadOnlyDictionary<string, Action<Interpreter, Script>> All { get; } = new Dictionary<string, Action<Interpreter, Script>>
    {
        // {"type":"thread.started","thread_id":"0199…"}  {"type":"turn.started"}  {"type":"turn.completed","usage":{…}}  {"type":"turn.failed","error":{…}}
        ["codex-start"] = (me, script) => me.Out($"{{\"type\":\"thread.started\",\"thread_id\":{Text(script.Word())}}}\n{{\"type\":\"turn.started\"}}\n"),
        ["codex-end"] = (me, _) => me.Out("{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":24,\"cached_input_tokens\":20,\"output_tokens\":12,\"reasoning_output_tokens\":4}}\n"),
        ["codex-fail"] = (me, script) => me.Out($"{{\"type\":\"turn.failed\",\"error\":{{\"message\":{Text(script.Word())}}}}}\n"),

        // {"type":"step_start","timestamp":1795435200000,"sessionID":"ses_1","part":{…}}  {"type":"step_finish",…,"part":{…,"cost":0.0123,"tokens":{…}}}
        ["opencode-start"] = (me, script) => me.Out($"{{\"type\":\"step_start\",\"timestamp\":{Now()},\"sessionID\":{Text(script.Word())},\"part\":{{\"type\":\"step-start\",\"messageID\":\"msg_1\"}}}}\n"),
        ["opencode-end"] = (me, script) => me.Out($"{{\"type\":\"step_finish\",\"timestamp\":{Now()},\"sessionID\":{Text(script.Word())},\"part\":{{\"type\":\"step-finish\",\"messageID\":\"msg_1\",\"reason\":\"stop\",\"cost\":0.0123,\"tokens\":{{\"input\":1200,\"output\":340,\"reasoning\":0,\"cache\":{{\"read\":88000,\"write\":1500}}}}}}}}\n"),

        // {"type":"init","session_id":"…","model":"…"}  {"type":"result","status":"success","stats":{…}}
        ["gemini-start"] = (me, script) => me.Out($"{{\"type\":\"init\",\"session_id\":{Text(script.Word())},\"model\":{Text(me.Invocation.Model)}}}\n"),
        ["gemini-end"] = (me, _) => me.Out("{\"type\":\"result\",\"status\":\"success\",\"stats\":{\"total_tokens\":15,\"input_tokens\":10,\"output_tokens\":5,\"cached\":0,\"duration_ms\":12,\"tool_calls\":0}}\n"),
    };

    private static string Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
