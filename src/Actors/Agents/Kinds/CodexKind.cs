using System.Text.Json;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Agents.Kinds;

/// <summary>
/// Codex CLI; flags checked with 0.169 (run) and the sources of openai/codex (exec/src/cli.rs at 0280533). One turn per process;
/// the prompt goes in on standard input, <c>-</c> asks for that.
/// </summary>
public sealed class CodexKind : IAgentKind
{
    public AgentKind Kind => AgentKind.Codex;

    public bool CanResume => true;

    public Launch Launch(LaunchContext context)
    {
        var argv = AgentKinds.Program(context, "codex");
        argv.Add("exec");
        if (context.Session is not null)
        {
            // `codex exec resume` refuses most options of `codex exec`, --sandbox and -C among them: they must stand before it.
            argv.AddRange([.. context.Options.Args, "resume", context.Session]);
        }

        argv.Add("--json");
        if (context.Model.Length > 0)
        {
            argv.AddRange(["--model", context.Model]);
        }

        argv.Add("-");
        if (context.Session is null)
        {
            argv.AddRange(context.Options.Args);
        }

        return new Launch(argv, System.Text.Encoding.UTF8.GetBytes(AgentKinds.Opening(context)), KeepInputOpen: false, context.Session);
    }

    public IStreamReader CreateReader(string? session = null) => new Reader(session);

    public ReadOnlyMemory<byte>? Message(string text) => null;

    // ~/.codex/sessions/2026/11/23/rollout-2026-11-23T12-00-01-0199a213-81c0-7800-8aa1-bbab2a035a53.jsonl
    public string? SessionFile(string session, string workingDirectory, IReadOnlyDictionary<string, string> environment) =>
        AgentKinds.Home(environment, "CODEX_HOME", ".codex") is { } home ? $"{home}/sessions/*/*/*/rollout-*-{session}.jsonl" : null;

    sealed class Reader(string? session) : JsonLineReader
    {
        string? _session = session;
        bool _announced;
        TokenTotals _total = TokenTotals.Zero;
        string _last = "";

        protected override void Read(string type, JsonElement line, DateTimeOffset now, List<AgentReport> reports)
        {
            switch (type)
            {
                // {"type":"thread.started","thread_id":"0199a213-81c0-7800-8aa1-bbab2a035a53"}
                case "thread.started" when line.Text("thread_id") is { } thread && !(_announced && thread == _session):
                    (_session, _announced) = (thread, true);
                    reports.Add(new AgentReport.SessionStarted(thread, null));
                    break;

                // {"type":"item.completed","item":{"id":"item_3","type":"agent_message","text":"Done."}}
                // {"type":"item.completed","item":{"id":"item_1","type":"command_execution","command":"ls","status":"completed"}}
                case "item.started" or "item.updated" or "item.completed" when line.Object("item") is { } item:
                    _last = item.Text("type") == "agent_message" ? item.Text("text") ?? _last : _last;
                    reports.Add(new AgentReport.Activity($"{type} {item.Text("type")}".Clip(64)));
                    break;

                case "turn.completed":
                    Usage(line, reports);
                    reports.Add(new AgentReport.Result(true, _last.Clip(500)));
                    break;

                // {"type":"turn.failed","error":{"message":"exceeded retry limit, last status: 429 Too Many Requests"}}
                case "turn.failed":
                    var failure = line.Object("error")?.Text("message") ?? "turn failed";
                    reports.Add(ProviderErrors.Classify(failure, null, "turn_failed", now));
                    reports.Add(new AgentReport.Result(false, failure.Clip(500)));
                    break;

                // {"type":"error","message":"Reconnecting... 1/5"} comes before each try of its own; the others are the end of the turn.
                // {"type":"error","message":"Rate limit reached for gpt-5 ... Please try again in 20s."}
                case "error" when line.Text("message") is { } message && !message.StartsWith("Reconnecting", StringComparison.OrdinalIgnoreCase):
                    reports.Add(ProviderErrors.Classify(message, null, "stream_error", now));
                    break;

                default:
                    break;
            }
        }

        // {"type":"turn.completed","usage":{"input_tokens":24763,"cached_input_tokens":24448,"cache_write_input_tokens":0,"output_tokens":122,"reasoning_output_tokens":64}}
        // Totals of the whole thread, earlier processes included. Cached tokens are among the input, reasoning is among the output.
        void Usage(JsonElement line, List<AgentReport> reports)
        {
            if (line.Object("usage") is not { } usage)
            {
                return;
            }

            var (input, cached, written) = (usage.Tokens("input_tokens"), usage.Tokens("cached_input_tokens"), usage.Tokens("cache_write_input_tokens"));
            _total = TokenTotals.Max(_total, new TokenTotals(Math.Max(0, input - cached - written), cached, written, 0, usage.Tokens("output_tokens")));
            reports.Add(new AgentReport.Usage(_total, null, _session));
        }
    }
}
