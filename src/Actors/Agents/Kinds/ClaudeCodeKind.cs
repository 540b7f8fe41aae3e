using System.Text;
using System.Text.Json;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Agents.Kinds;

/// <summary>
/// Claude Code; flags checked with 2.1.197 (run) and the documentation of 2.1.240. The prompt goes in as a stream-json message, so it
/// is never in <c>ps</c>, and input stays open for nudges. It therefore waits after its result: close its input to let it go.
/// Permission flags are the operator's, through <c>args</c>.
/// </summary>
public sealed class ClaudeCodeKind : IAgentKind
{
    public AgentKind Kind => AgentKind.ClaudeCode;

    public bool CanResume => true;

    public Launch Launch(LaunchContext context)
    {
        var session = context.Session ?? context.NewSession.ToString("D");
        var argv = AgentKinds.Program(context, "claude");
        // stream-json in print mode needs --verbose; partial messages are the only place with the real output tokens of a call.
        argv.AddRange(["-p", "--output-format", "stream-json", "--input-format", "stream-json", "--verbose", "--include-partial-messages"]);
        argv.AddRange([context.Session is null ? "--session-id" : "--resume", session]);
        if (context.Model.Length > 0)
        {
            // Said again at every resume: on Bedrock a resumed session does not go back to its earlier model by itself.
            argv.AddRange(["--model", context.Model]);
        }

        argv.AddRange(context.Options.Args);
        return new Launch(argv, Line(AgentKinds.Opening(context)), KeepInputOpen: true, session);
    }

    public IStreamReader CreateReader(string? session = null) => new ClaudeCodeReader();

    public ReadOnlyMemory<byte>? Message(string text) => Line(text);

    public string? SessionFile(string session, string workingDirectory, IReadOnlyDictionary<string, string> environment) =>
        AgentKinds.Home(environment, "CLAUDE_CONFIG_DIR", ".claude") is { } home ? $"{home}/projects/{Dashes(workingDirectory)}/{session}.jsonl" : null;

    // /srv/my.app_1 -> -srv-my-app-1
    static string Dashes(string directory) =>
        string.Concat((directory.Length > 1 ? directory.TrimEnd('/') : directory).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    // {"type":"user","message":{"role":"user","content":[{"type":"text","text":"..."}]}}
    static byte[] Line(string text)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("type", "user");
            json.WriteStartObject("message");
            json.WriteString("role", "user");
            json.WriteStartArray("content");
            json.WriteStartObject();
            json.WriteString("type", "text");
            // Through UTF-8 first: half a surrogate pair becomes U+FFFD there and an exception in the writer.
            json.WriteString("text"u8, Encoding.UTF8.GetBytes(text));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }
}
