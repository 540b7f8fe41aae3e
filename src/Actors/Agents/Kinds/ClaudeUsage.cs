using System.Text.Json;

namespace Supervisor.Actors.Agents.Kinds;

/// <summary>
/// Totals of one Claude Code process. Between results they are counted from the single calls; a result then says the truth,
/// subagents included. Results are cumulative per process, except that clearing the conversation starts them again from zero.
/// </summary>
public sealed class ClaudeUsage
{
    /// <summary>Stands for a call that a result has counted: no real one is negative.</summary>
    static readonly TokenTotals Covered = new(-1, -1, -1, -1, -1);

    readonly Dictionary<string, TokenTotals> _calls = [];
    readonly Dictionary<string, string> _current = [];
    TokenTotals _live = TokenTotals.Zero;
    TokenTotals _carried = TokenTotals.Zero;
    TokenTotals _result = TokenTotals.Zero;
    TokenTotals _reported = TokenTotals.Zero;
    decimal _carriedCost;
    decimal? _resultCost;
    string? _session;
    int _nameless;

    /// <summary>The totals, when they have grown since they were last asked for.</summary>
    public AgentReport.Usage? Grown(bool withCost = false)
    {
        var total = TokenTotals.Max(_reported, _carried + _result + _live);
        if (total == _reported && !withCost)
        {
            return null;
        }

        _reported = total;
        // Between results the cost of the newest calls is not in the last one: saying it would underprice them.
        return new AgentReport.Usage(total, withCost && _resultCost is not null ? _carriedCost + _resultCost : null);
    }

    // {"type":"assistant","parent_tool_use_id":null,"message":{"id":"msg_01A","usage":{"input_tokens":3,"cache_creation_input_tokens":2112,
    //  "cache_read_input_tokens":148230,"cache_creation":{"ephemeral_5m_input_tokens":2112,"ephemeral_1h_input_tokens":0},"output_tokens":1}}}
    // One call gives several such lines with the same id. Their output_tokens is what message_start foresaw: never counted.
    public void Assistant(JsonElement message)
    {
        if (message.Text("id") is { } id && message.Object("usage") is { } usage)
        {
            Add(id, Input(usage));
        }
    }

    // {"type":"stream_event","parent_tool_use_id":null,"event":{"type":"message_start","message":{"id":"msg_01A","usage":{"input_tokens":3,"output_tokens":1}}}}
    // {"type":"stream_event","parent_tool_use_id":null,"event":{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":812}}}
    // A delta names no message: it belongs to the one begun last by the same (sub)agent. Several deltas are cumulative.
    public void Streamed(JsonElement line, JsonElement streamed)
    {
        var parent = line.Text("parent_tool_use_id") ?? "";
        switch (streamed.Text("type"))
        {
            case "message_start" when streamed.Object("message") is { } message && message.Text("id") is { } id:
                _current[parent] = id;
                Assistant(message);
                break;
            case "message_delta" when streamed.Object("usage") is { } usage:
                if (!_current.TryGetValue(parent, out var current))
                {
                    _current[parent] = current = $"?{_nameless++}";
                }

                Add(current, Input(usage) with { Output = usage.Tokens("output_tokens") });
                break;
            default:
                break;
        }
    }

    // {"type":"conversation_reset","new_conversation_id":"11111111-...","session_id":"6f1c...","uuid":"..."}
    public void Reset()
    {
        Carry(_live); // calls no result has counted, and none will: the next one begins after them
        _session = null;
    }

    // {"type":"result","session_id":"6f1c...","total_cost_usd":0.4312,"usage":{"input_tokens":41,"output_tokens":5120,...},
    //  "modelUsage":{"us.anthropic.claude-sonnet-4-6":{"inputTokens":41,"outputTokens":5120,"cacheReadInputTokens":902113,"cacheCreationInputTokens":30211,"costUSD":0.4312}}}
    public void Result(JsonElement line)
    {
        var cost = line.Usd("total_cost_usd");
        var total = Total(line);
        if (total == TokenTotals.Zero)
        {
            return; // an aborted turn's result is all zeros: it says nothing, and above all not that nothing was spent
        }

        var session = line.Text("session_id");
        var dropped = cost is not null && _resultCost is not null ? cost < _resultCost : total.Output < _result.Output;
        if (dropped || (_session is not null && session is not null && session != _session))
        {
            Carry(TokenTotals.Zero); // the calls since then are in this result
        }

        (_session, _resultCost, _result) = (session ?? _session, cost ?? _resultCost, total);
        Forget(); // these calls are in it; the next ones come on top
    }

    void Carry(TokenTotals calls)
    {
        _carried += _result + calls;
        _carriedCost += _resultCost ?? 0;
        (_result, _resultCost) = (TokenTotals.Zero, null);
        Forget();
    }

    void Forget()
    {
        // The ids stay, emptied: a line of such a call that comes again, or late, is in the result already.
        foreach (var id in _calls.Keys)
        {
            _calls[id] = Covered;
        }

        _current.Clear();
        _live = TokenTotals.Zero;
    }

    void Add(string id, TokenTotals tokens)
    {
        var known = _calls.GetValueOrDefault(id, TokenTotals.Zero);
        if (known != Covered)
        {
            var larger = TokenTotals.Max(known, tokens);
            _live += larger - known;
            _calls[id] = larger;
        }
    }

    static TokenTotals Input(JsonElement usage)
    {
        var written = usage.Tokens("cache_creation_input_tokens");
        var hour = Math.Min(written, usage.Object("cache_creation")?.Tokens("ephemeral_1h_input_tokens") ?? 0);
        return new TokenTotals(usage.Tokens("input_tokens"), usage.Tokens("cache_read_input_tokens"), written - hour, hour, 0);
    }

    /// <summary>By model where it is said, since <c>usage</c> leaves the subagents out.</summary>
    TokenTotals Total(JsonElement line)
    {
        var main = line.Object("usage") is { } usage ? Input(usage) with { Output = usage.Tokens("output_tokens") } : TokenTotals.Zero;
        if (line.Object("modelUsage") is not { } models)
        {
            return main;
        }

        var total = TokenTotals.Zero;
        foreach (var model in models.EnumerateObject())
        {
            total += new TokenTotals(model.Value.Tokens("inputTokens"), model.Value.Tokens("cacheReadInputTokens"),
                model.Value.Tokens("cacheCreationInputTokens"), 0, model.Value.Tokens("outputTokens"));
        }

        // modelUsage does not say how long its cache writes live; the calls and the main agent's usage do.
        var hour = Math.Min(total.CacheWrite5m, Math.Max(main.CacheWrite1h, _result.CacheWrite1h + _live.CacheWrite1h));
        return total == TokenTotals.Zero ? main : total with { CacheWrite5m = total.CacheWrite5m - hour, CacheWrite1h = hour };
    }
}
