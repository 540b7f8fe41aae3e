using System.Text.Json;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Agents.Kinds;

/// <summary>
/// OpenCode; flags checked with the sources of anomalyco/opencode 1.18 (cli/cmd/run.ts at 00f9806). Without a message it reads the
/// prompt from standard input, up to its end, whenever that is no terminal; so input is never kept open.
/// </summary>
public sealed class OpenCodeKind : IAgentKind
{
    public AgentKind Kind => AgentKind.OpenCode;

    public bool CanResume => true;

    public Launch Launch(LaunchContext context)
    {
        var argv = AgentKinds.Program(context, "opencode");
        argv.AddRange(["run", "--format", "json"]);
        if (context.Session is not null)
        {
            argv.AddRange(["--session", context.Session]);
        }

        if (context.Model.Length > 0)
        {
            argv.AddRange(["--model", context.Model]);
        }

        argv.AddRange(context.Options.Args);
        return new Launch(argv, System.Text.Encoding.UTF8.GetBytes(AgentKinds.Opening(context)), KeepInputOpen: false, context.Session);
    }

    public IStreamReader CreateReader(string? session = null) => new Reader();

    public ReadOnlyMemory<byte>? Message(string text) => null;

    // One database holds the sessions of every agent of a user: its growth is no sign of life of this one.
    public string? SessionFile(string session, string workingDirectory, IReadOnlyDictionary<string, string> environment) => null;

    sealed class Reader : JsonLineReader
    {
        readonly HashSet<string> _steps = [];
        string? _session;
        TokenTotals _total = TokenTotals.Zero;
        decimal? _cost = 0;
        string? _failure;
        string _last = "";

        protected override void Read(string type, JsonElement line, DateTimeOffset now, List<AgentReport> reports)
        {
            if (line.Text("sessionID") is { } session && session != _session)
            {
                _session = session;
                reports.Add(new AgentReport.SessionStarted(session, null));
            }

            switch (type)
            {
                case "step_finish" when line.Object("part") is { } part:
                    Step(line, part, reports);
                    break;

                // {"type":"text","timestamp":1795435203000,"sessionID":"ses_1","part":{"type":"text","text":"Done.","time":{"start":1,"end":2}}}
                case "text":
                    _last = line.Object("part")?.Text("text") ?? _last;
                    break;

                case "error":
                    Error(line, now, reports);
                    break;

                // {"type":"done","timestamp":1795435209000,"sessionID":"ses_1","reason":"idle","rejected":[]}
                // Older versions end without it: then the exit status alone tells.
                case "done":
                    reports.Add(new AgentReport.Result(_failure is null, (_failure ?? _last).Clip(500)));
                    break;

                default:
                    break;
            }
        }

        // {"type":"step_finish","timestamp":1795435209000,"sessionID":"ses_1","part":{"id":"prt_9","messageID":"msg_1","type":"step-finish","reason":"tool-calls",
        //  "cost":0.0123,"tokens":{"input":1200,"output":340,"reasoning":0,"cache":{"read":88000,"write":1500}}}}
        // One per call, of this session alone: subagents' steps are not printed. Reasoning is not among the output here.
        void Step(JsonElement line, JsonElement part, List<AgentReport> reports)
        {
            if (part.Object("tokens") is not { } tokens || !_steps.Add(part.Text("id") ?? $"{line.Number("timestamp")} {part.Text("messageID")}"))
            {
                return;
            }

            var cache = tokens.Object("cache");
            var step = new TokenTotals(tokens.Tokens("input"), cache?.Tokens("read") ?? 0, cache?.Tokens("write") ?? 0, 0, tokens.Tokens("output") + tokens.Tokens("reasoning"));
            // It says 0 for a model whose price it does not know: an unknown cost, and never a free call.
            _cost = step == TokenTotals.Zero || part.Usd("cost") is > 0 ? _cost + (part.Usd("cost") ?? 0) : null;
            _total += step;
            reports.Add(new AgentReport.Usage(_total, _cost));
        }

        // {"type":"error","sessionID":"ses_1","error":{"name":"APIError","data":{"message":"Rate limit exceeded","statusCode":429,"isRetryable":true,"responseHeaders":{"retry-after":"30"}}}}
        // {"type":"error","sessionID":"ses_1","error":{"type":"provider.quota","message":"This request requires more credits","status":402}}
        // {"type":"error","sessionID":"ses_1","error":"ollama refused connection"}
        void Error(JsonElement line, DateTimeOffset now, List<AgentReport> reports)
        {
            var error = line.Object("error");
            var data = error?.Object("data");
            var name = error?.Text("name") ?? error?.Text("type") ?? "error";
            var message = data?.Text("message") ?? error?.Text("message") ?? line.Text("error") ?? name;
            var after = data?.Object("responseHeaders")?.Text("retry-after");
            _failure = message;
            reports.Add(name == "ProviderAuthError"
                ? new AgentReport.Error(ProviderErrors.Authentication, message.Clip(500))
                : ProviderErrors.Classify(after is null ? message : $"{message.Clip(400)} (retry-after: {after.Clip(20)})",
                    data?.Number("statusCode") ?? error?.Number("status"), name.Clip(64), now));
        }
    }
}
