using System.Text.Json;

namespace Supervisor.Actors.Agents.Kinds;

/// <summary>Claude Code's <c>stream-json</c>: an open set of types, each with <c>type</c>, <c>uuid</c> and <c>session_id</c>.</summary>
public sealed class ClaudeCodeReader : JsonLineReader
{
    readonly ClaudeUsage _usage = new();
    string? _session;
    string? _model;
    DateTimeOffset? _limitedUntil;

    protected override void Read(string type, JsonElement line, DateTimeOffset now, List<AgentReport> reports)
    {
        switch (type)
        {
            case "system":
                System(line, reports);
                break;
            case "assistant":
                Assistant(line, now, reports);
                break;
            case "stream_event" when line.Object("event") is { } streamed:
                _usage.Streamed(line, streamed);
                Grown(reports);
                break;
            case "rate_limit_event":
                RateLimit(line, reports);
                break;
            case "conversation_reset":
                _usage.Reset();
                break;
            case "result":
                Result(line, now, reports);
                break;
            default:
                break;
        }
    }

    // {"type":"system","subtype":"init","session_id":"6f1c...","cwd":"/w","model":"us.anthropic.claude-sonnet-4-6","tools":["Bash"],"claude_code_version":"2.1.240"}
    // {"type":"system","subtype":"api_retry","attempt":2,"max_retries":10,"retry_delay_ms":2000,"error_status":529,"error":"overloaded"}
    void System(JsonElement line, List<AgentReport> reports)
    {
        var subtype = line.Text("subtype") ?? "";
        if (subtype == "init")
        {
            Session(line.Text("session_id"), line.Text("model"), reports);
        }

        if (reports.Count == 0)
        {
            // The client retries by itself; only its giving up is our business.
            reports.Add(new AgentReport.Activity(subtype == "api_retry"
                ? $"api_retry {line.Number("attempt")}/{line.Number("max_retries")} in {line.Number("retry_delay_ms")}ms: {line.Number("error_status")} {line.Text("error")}".Clip(120)
                : $"system/{subtype}".Clip(64)));
        }
    }

    // {"type":"assistant","error":"rate_limit","message":{"model":"<synthetic>","content":[{"type":"text","text":"You've hit your session limit"}],"usage":{"input_tokens":0,"output_tokens":0}}}
    void Assistant(JsonElement line, DateTimeOffset now, List<AgentReport> reports)
    {
        if (line.Object("message") is { } message)
        {
            _usage.Assistant(message);
            Grown(reports);
        }

        if (line.Text("error") is { } error)
        {
            reports.Add(error switch
            {
                "rate_limit" or "overloaded" => Limited(Words(line) ?? error, now),
                "billing_error" => new AgentReport.Error(ProviderErrors.Billing, Words(line) ?? error),
                _ => new AgentReport.Error(error.Clip(64), Words(line) ?? error),
            });
        }
    }

    // {"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1790506800,"rateLimitType":"five_hour","isUsingOverage":false}}
    // The other states, "allowed" and "allowed_warning", come with good answers and mean nothing to us.
    void RateLimit(JsonElement line, List<AgentReport> reports)
    {
        if (line.Object("rate_limit_info") is not { } info || info.Text("status") != "rejected" || info.Flag("isUsingOverage") is true)
        {
            return;
        }

        _limitedUntil = info.Number("resetsAt") switch
        {
            > 0 and < 100_000_000_000 and var seconds => DateTimeOffset.FromUnixTimeSeconds(seconds),
            >= 100_000_000_000 and < 100_000_000_000_000 and var milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
            _ => null,
        };
        reports.Add(new AgentReport.RateLimited(_limitedUntil, $"rate limit {info.Text("rateLimitType")}".Trim().Clip(120)));
    }

    // {"type":"result","subtype":"success","is_error":false,"session_id":"6f1c...","num_turns":7,"result":"done","total_cost_usd":0.4312,"usage":{...},"modelUsage":{...}}
    // {"type":"result","subtype":"success","is_error":true,"api_error_status":429,"result":"API Error: Request rejected (429) · spend limit reached ..."}
    // {"type":"result","subtype":"error_max_turns","is_error":true,"errors":["Reached maximum number of turns (5)"]}
    void Result(JsonElement line, DateTimeOffset now, List<AgentReport> reports)
    {
        Session(line.Text("session_id"), _model, reports);
        _usage.Result(line);
        Grown(reports, withCost: true);

        var subtype = line.Text("subtype") ?? "unknown";
        var detail = (line.Text("result") ?? Errors(line) ?? subtype).Clip(500);
        var success = subtype == "success" && line.Flag("is_error") is not true;
        if (!success)
        {
            var status = line.Number("api_error_status");
            var error = subtype == "success" || status is not null
                ? ProviderErrors.Classify(detail, status, "api_error", now)
                : new AgentReport.Error(subtype.Clip(64), detail);
            reports.Add(error is AgentReport.RateLimited { Until: null } ? Limited(detail, now) : error);
        }

        reports.Add(new AgentReport.Result(success, detail));
    }

    void Session(string? session, string? model, List<AgentReport> reports)
    {
        if (session is null || (session == _session && model == _model))
        {
            return;
        }

        (_session, _model) = (session, model);
        reports.Add(new AgentReport.SessionStarted(session, model));
    }

    /// <summary>The refusal itself names no time; the event before it may have.</summary>
    AgentReport.RateLimited Limited(string detail, DateTimeOffset now) =>
        new(_limitedUntil > now ? _limitedUntil : ProviderErrors.WaitIn(detail) is { } wait ? now + wait : null, detail);

    void Grown(List<AgentReport> reports, bool withCost = false)
    {
        if (_usage.Grown(withCost) is { } usage)
        {
            reports.Add(usage);
        }
    }

    static string? Words(JsonElement line)
    {
        if (line.Object("message")?.Array("content") is { } content)
        {
            foreach (var block in content.EnumerateArray())
            {
                if (block.Text("text") is { } text)
                {
                    return text.Clip(500);
                }
            }
        }

        return null;
    }

    static string? Errors(JsonElement line) =>
        line.Array("errors") is { } errors && errors.GetArrayLength() > 0 ? errors[0].AsText() ?? errors[0].Text("message") : null;
}
