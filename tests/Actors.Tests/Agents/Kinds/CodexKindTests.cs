using Supervisor.Actors.Agents.Kinds;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Agents.Kinds;

public sealed class CodexKindTests
{
    const string Thread = "0199a213-81c0-7800-8aa1-bbab2a035a53";
    static readonly IAgentKind Kind = AgentKinds.For(AgentKind.Codex);

    [Fact]
    public void A_first_start_reads_its_prompt_from_input() => Assert.Equal(
        ["codex", "exec", "--json", "--model", "m", "-", "--sandbox", "workspace-write"],
        Lines.Launch(AgentKind.Codex, model: "m", args: ["--sandbox", "workspace-write"]).Arguments);

    [Fact]
    public void A_resume_takes_the_options_of_exec_before_its_own_word() => Assert.Equal(
        ["codex", "exec", "--sandbox", "workspace-write", "resume", Thread, "--json", "-"],
        Lines.Launch(AgentKind.Codex, Thread, args: ["--sandbox", "workspace-write"]).Arguments);

    [Fact]
    public void Input_ends_after_the_prompt_and_nothing_can_be_said_later()
    {
        Assert.False(Lines.Launch(AgentKind.Codex).KeepInputOpen);
        Assert.Null(Kind.Message("hello"));
    }

    [Fact]
    public void Cached_tokens_are_taken_out_of_the_input_and_reasoning_stays_in_the_output()
    {
        var reports = Kind.CreateReader().All("codex-turn.jsonl");
        Assert.Equal(Thread, reports.Only<AgentReport.SessionStarted>().Session);
        Assert.Equal(new AgentReport.Usage(new TokenTotals(315, 24448, 0, 0, 122), null, Thread), reports.Only<AgentReport.Usage>());
        Assert.Equal(new AgentReport.Result(true, "Done."), reports.Only<AgentReport.Result>());
    }

    [Fact]
    public void Totals_belong_to_the_thread_even_when_its_first_line_is_lost()
    {
        const string completed = """{"type":"turn.completed","usage":{"input_tokens":10,"output_tokens":1}}""";
        Assert.Equal(Thread, Kind.CreateReader(Thread).One(completed).Only<AgentReport.Usage>().Session);
        Assert.Null(Kind.CreateReader().One(completed).Only<AgentReport.Usage>().Session);
    }

    [Fact]
    public void A_resumed_thread_is_announced_once()
    {
        var reader = Kind.CreateReader(Thread);
        var started = Lines.Of("codex-turn.jsonl")[0];
        Assert.Single(reader.One(started).Concat(reader.One(started)).OfType<AgentReport.SessionStarted>());
    }

    [Fact]
    public void A_bare_429_is_a_limit_without_a_known_end_and_a_reconnect_is_nothing()
    {
        var reports = Kind.CreateReader().All("codex-limited.jsonl");
        Assert.All(reports.OfType<AgentReport.RateLimited>(), limit => Assert.Null(limit.Until));
        Assert.Equal(2, reports.OfType<AgentReport.RateLimited>().Count());
        Assert.Empty(reports.OfType<AgentReport.Error>());
        Assert.False(reports.Only<AgentReport.Result>().Success);
    }

    [Fact]
    public void Try_again_in_20s_is_a_limit_of_20_seconds() => Assert.Equal(Lines.Now.AddSeconds(20),
        Kind.CreateReader().One("""{"type":"turn.failed","error":{"message":"Rate limit reached for gpt-5 in organization org on tokens per min. Please try again in 20s."}}""").Only<AgentReport.RateLimited>().Until);

    [Fact]
    public void A_rollout_is_a_pattern_since_its_path_holds_the_date() => Assert.Equal($"/c/sessions/*/*/*/rollout-*-{Thread}.jsonl",
        Kind.SessionFile(Thread, "/w", new Dictionary<string, string> { ["HOME"] = "/h", ["CODEX_HOME"] = "/c" }));
}
