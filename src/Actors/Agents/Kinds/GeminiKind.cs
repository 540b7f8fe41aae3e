using System.Text.Json;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Agents.Kinds;

/// <summary>
/// Gemini CLI; checked with the sources of google-gemini/gemini-cli of 2026 (core/src/output at 04fbf50, cli/src/utils/sessionUtils.ts at
/// 016443b: <c>--resume</c> takes a session's UUID). Where input is no terminal it reads the prompt from there and runs without a screen.
/// </summary>
public sealed class GeminiKind : IAgentKind
{
    public AgentKind Kind => AgentKind.Gemini;

    public bool CanResume => true;

    public Launch Launch(LaunchContext context)
    {
        var argv = AgentKinds.Program(context, "gemini");
        argv.AddRange(["--output-format", "stream-json"]);
        if (context.Session is not null)
        {
            argv.AddRange(["--resume", context.Session]);
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

    // ~/.gemini/tmp/<hash of the project>/chats/session-2026-11-23T12-00-6f1c2a3b.jsonl: the first eight characters of the session.
    // GEMINI_CLI_HOME stands for the home directory, not for ~/.gemini.
    public string? SessionFile(string session, string workingDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var home = environment.TryGetValue("GEMINI_CLI_HOME", out var own) && own.Length > 0 ? $"{own.TrimEnd('/')}/.gemini" : AgentKinds.Home(environment, "", ".gemini");
        return home is null || session.Length < 8 ? null : $"{home}/tmp/*/chats/session-*-{session[..8]}.json*";
    }

    sealed class Reader : JsonLineReader
    {
        string? _session;
        string _last = "";

        protected override void Read(string type, JsonElement line, DateTimeOffset now, List<AgentReport> reports)
        {
            switch (type)
            {
                // {"type":"init","timestamp":"2026-11-23T12:00:00.000Z","session_id":"6f1c2a3b-...","model":"gemini-2.5-pro"}
                case "init" when line.Text("session_id") is { } session && session != _session:
                    _session = session;
                    reports.Add(new AgentReport.SessionStarted(session, line.Text("model")));
                    break;

                // {"type":"message","timestamp":"...","role":"assistant","content":"Done.","delta":true}
                case "message" when line.Text("role") == "assistant":
                    _last = line.Text("content") ?? _last;
                    break;

                // {"type":"error","timestamp":"...","severity":"error","message":"You have exhausted your capacity on this model. Your quota will reset after 1h49m8s."}
                // A warning ("Loop detected, stopping execution" among them) is not the end; the result is.
                case "error" when line.Text("severity") != "warning" && line.Text("message") is { } message:
                    reports.Add(ProviderErrors.Classify(message, null, "error", now));
                    break;

                case "result":
                    Result(line, now, reports);
                    break;

                default:
                    break;
            }
        }

        // {"type":"result","timestamp":"...","status":"success","stats":{"total_tokens":12600,"input_tokens":12000,"output_tokens":400,"cached":9000,"input":3000,"duration_ms":8000,"tool_calls":3}}
        // {"type":"result","timestamp":"...","status":"error","error":{"type":"FatalAuthenticationError","message":"..."},"stats":{...}}
        // Cached tokens are among the input. Thoughts are in the total alone: whatever is not input was put out.
        void Result(JsonElement line, DateTimeOffset now, List<AgentReport> reports)
        {
            if (line.Object("stats") is { } stats)
            {
                var (input, cached) = (stats.Tokens("input_tokens"), stats.Tokens("cached"));
                var output = Math.Max(stats.Tokens("output_tokens"), stats.Tokens("total_tokens") - input);
                reports.Add(new AgentReport.Usage(new TokenTotals(Math.Max(0, input - cached), cached, 0, 0, output), null));
            }

            var success = line.Text("status") == "success";
            var error = line.Object("error");
            var detail = error?.Text("message") ?? (success ? _last : error?.Text("type") ?? "error");
            if (!success)
            {
                reports.Add(error?.Text("type") == "FatalAuthenticationError"
                    ? new AgentReport.Error(ProviderErrors.Authentication, detail.Clip(500))
                    : ProviderErrors.Classify(detail, null, (error?.Text("type") ?? "error").Clip(64), now));
            }

            reports.Add(new AgentReport.Result(success, detail.Clip(500)));
        }
    }
}
