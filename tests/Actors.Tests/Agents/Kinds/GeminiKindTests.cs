using Supervisor.Actors.Agents.Kinds;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Agents.Kinds;

public sealed class GeminiKindTests
{
    const string Session = "6f1c2a3b-0000-4000-8000-000000000009";
    static readonly IAgentKind Kind = AgentKinds.For(AgentKind.Gemini);
    readonly IStreamReader _reader = Kind.CreateReader();

    [Fact]
    public void A_resume_names_the_session() => Assert.Equal(
        ["gemini", "--output-format", "stream-json", "--resume", Session, "--model", "m", "--yolo"],
        Lines.Launch(AgentKind.Gemini, Session, "m", ["--yolo"]).Arguments);

    [Fact]
    public void Thoughts_are_output_and_cached_tokens_are_taken_out_of_the_input()
    {
        var reports = _reader.All("gemini-turn.jsonl");
        Assert.Equal(new AgentReport.SessionStarted(Session, "gemini-2.5-pro"), reports.Only<AgentReport.SessionStarted>());
        Assert.Equal(new TokenTotals(3000, 9000, 0, 0, 600), reports.Only<AgentReport.Usage>().Tokens);
        Assert.Equal(new AgentReport.Result(true, "Done."), reports.Only<AgentReport.Result>());
        Assert.Empty(reports.OfType<AgentReport.Error>());
    }

    [Fact]
    public void An_exhausted_quota_waits_for_its_reset() => Assert.Equal(Lines.Now + new TimeSpan(21, 53, 56),
        _reader.One("""{"type":"error","severity":"error","message":"You have exhausted your capacity on this model. Your quota will reset after 21h53m56s."}""").Only<AgentReport.RateLimited>().Until);

    [Fact]
    public void A_failed_result_has_its_class_and_is_no_success()
    {
        var reports = _reader.One("""{"type":"result","status":"error","error":{"type":"FatalAuthenticationError","message":"Please set an Auth method"}}""");
        Assert.Equal("authentication_failed", reports.Only<AgentReport.Error>().Class);
        Assert.False(reports.Only<AgentReport.Result>().Success);
    }

    [Fact]
    public void A_chat_is_found_by_the_start_of_its_session() => Assert.Equal("/h/.gemini/tmp/*/chats/session-*-6f1c2a3b.json*",
        Kind.SessionFile(Session, "/w", new Dictionary<string, string> { ["HOME"] = "/h" }));
}
