using System.Text;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>How a process tree is asked, and then made, to stop.</summary>
public sealed class StopTests(SharedFleet shared) : IClassFixture<SharedFleet>
{
    private const int Grace = 1;
    private const string GraceOfOneSecond = "{ grace: 1s, kill: 5s }";
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);
    private readonly TestFleet _fleet = shared.Fleet;

    [Fact, Case("A1")]
    public async Task A_grandchild_that_ignores_SIGTERM_and_holds_the_output_is_gone_after_the_grace()
    {
        var pidFile = _fleet.FileOf("a1.pid");
        await _fleet.AddRunningAsync(new("A1", $"spawn {{ ignore-term pid-to {pidFile} sleep-forever }} await-file {pidFile} sleep-forever") { Stop = GraceOfOneSecond });
        var grandchild = await _fleet.PidAsync("a1.pid");

        var agent = await _fleet.StopAsync("A1");

        Assert.Equal("stopped", agent.State);
        Assert.False(Proc.Lives(grandchild), "the grandchild still lives");
        Assert.InRange(await StopTookAsync("A1"), TimeSpan.FromSeconds(Grace), TimeSpan.FromSeconds(Grace) + Slack);
    }

    [Fact, Case("A3")]
    public async Task A_daemon_that_left_the_session_by_a_double_fork_is_stopped_too()
    {
        var mark = $"SV_MARK=a3-{Guid.NewGuid():N}";
        await _fleet.AddRunningAsync(new("A3", $"spawn-daemon {{ pid-to {_fleet.FileOf("a3.pid")} sleep-forever }} sleep-forever")
        {
            Stop = GraceOfOneSecond,
            More = $"env: {{ SV_MARK: {mark["SV_MARK=".Length..]} }}",
        });
        var escaped = await _fleet.PidAsync("a3.pid");
        Assert.Contains(escaped, Proc.WithEnvironment(mark));

        var agent = await _fleet.StopAsync("A3");

        Assert.Equal("stopped", agent.State);
        Assert.Empty(Proc.WithEnvironment(mark));
    }

    [Fact, Case("A4")]
    public async Task An_agent_that_needs_a_while_after_SIGTERM_is_not_killed()
    {
        await _fleet.AddRunningAsync(new("A4", "trap-term 700ms 0 out ready sleep-forever") { Stop = "{ grace: 10s, kill: 5s }" });
        await OutputAsync("A4", "ready");

        var agent = await _fleet.StopAsync("A4");

        Assert.Equal(("stopped", 0, null, "graceful"), (agent.State, agent.LastExit!.Code, agent.LastExit.Signal, agent.LastExit.Reason));
    }

    [Fact, Case("A5")]
    public async Task An_agent_that_ignores_SIGTERM_is_killed_at_the_end_of_the_grace_and_that_is_no_crash()
    {
        await _fleet.AddRunningAsync(new("A5", "ignore-term out ready sleep-forever") { Stop = GraceOfOneSecond });
        await OutputAsync("A5", "ready");

        var agent = await _fleet.StopAsync("A5");

        Assert.Equal(("stopped", 9, "supervisor", "grace-expired"), (agent.State, agent.LastExit!.Signal, agent.LastExit.By, agent.LastExit.Reason));
        Assert.Null(agent.LastExit.Code);
        Assert.Equal(0, agent.Failures);
        var killedAfter = agent.LastExit.At - (await _fleet.Events.FirstAsync("A5", "agent.stop-decided")).At;
        Assert.InRange(killedAfter, TimeSpan.FromSeconds(Grace - 0.5), TimeSpan.FromSeconds(Grace + 0.5));
    }

    [Fact, Case("A6")]
    public async Task An_agent_that_stopped_itself_by_SIGSTOP_still_obeys_within_the_grace()
    {
        var agent = await _fleet.AddRunningAsync(new("A6", "stop-self sleep-forever") { Stop = "{ grace: 10s, kill: 5s }" });
        await Eventually.TrueAsync(() => Proc.State(agent.Pid!.Value) == 'T', "the agent is stopped by SIGSTOP");

        agent = await _fleet.StopAsync("A6");

        Assert.Equal(("stopped", 15), (agent.State, agent.LastExit!.Signal));
        Assert.InRange(await StopTookAsync("A6"), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact, Case("A8")]
    public async Task Two_stops_at_once_are_one_stop_and_both_succeed()
    {
        await _fleet.AddRunningAsync(new("A8", "trap-term 500ms 0 out ready sleep-forever"));
        await OutputAsync("A8", "ready");

        var answers = await Task.WhenAll(_fleet.Api.TryPostAsync("/api/v1/agents/A8/stop?wait=30s"), _fleet.Api.TryPostAsync("/api/v1/agents/A8/stop?wait=30s"));

        Assert.All(answers, answer => Assert.True(answer.Ok, answer.ToString()));
        Assert.All(answers, answer => Assert.Equal("stopped", Json.Read<AgentView>(answer.Body).State));
        Assert.Equal("ready\nTERM\n", Encoding.UTF8.GetString(await _fleet.Api.LogAsync("A8", 1)));
        Assert.Single(_fleet.Events.Of("A8", "agent.stop-decided"));
        Assert.Single(_fleet.Events.Of("A8", "agent.exited"));
    }

    [Fact, Case("A9"), Case("L5")]
    public async Task Ten_restarts_at_once_never_make_two_copies()
    {
        await _fleet.AddRunningAsync(new("A9", $"witness {_fleet.FileOf("a9")} sleep-forever"));
        await WitnessedAsync("a9", 1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _fleet.Api.TryPostAsync("/api/v1/agents/A9/restart?wait=30s")));

        Assert.All(answers, answer => Assert.True(answer.Ok, answer.ToString()));
        var agent = await _fleet.UntilAsync("A9", a => a is { State: "running", Run: >= 2 }, "runs anew");
        await WitnessedAsync("a9", 2);
        Assert.InRange(_fleet.Witness("a9").Count, 2, agent.Run);
        Assert.All(_fleet.Witness("a9"), line => Assert.Equal("begin", line));
    }

    [Fact, Case("L5")]
    public async Task Ten_starts_at_once_start_one_copy()
    {
        await _fleet.AddRunningAsync(new("L5", $"witness {_fleet.FileOf("l5")} sleep-forever"));
        await WitnessedAsync("l5", 1);
        await _fleet.StopAsync("L5");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _fleet.Api.TryPostAsync("/api/v1/agents/L5/start?wait=30s")));

        Assert.All(answers, answer => Assert.True(answer.Ok, answer.ToString()));
        Assert.Equal(2, (await _fleet.AgentAsync("L5")).Run);
        await WitnessedAsync("l5", 2);
        Assert.Equal(["begin", "begin"], _fleet.Witness("l5"));
    }

    [Fact, Case("A10")]
    public async Task A_stop_during_the_backoff_is_at_once_and_cancels_the_start()
    {
        await _fleet.AddAsync(new FakeAgentYaml("A10", "exit 1") { Restart = "{ initial: 2s, jitter: 0 }" });
        var planned = (await _fleet.UntilStateAsync("A10", "backoff")).NextStartAt!.Value;

        var answer = await _fleet.Api.PostAsync("/api/v1/agents/A10/stop?wait=30s");

        Assert.InRange(answer.Took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await Eventually.PastAsync(planned + TimeSpan.FromMilliseconds(500));
        var agent = await _fleet.AgentAsync("A10");
        Assert.Equal(("stopped", 1, null), (agent.State, agent.Run, agent.NextStartAt));
    }

    [Fact, Case("A11")]
    public async Task A_restart_while_waiting_for_another_agent_leaves_one_pending_start()
    {
        await _fleet.AddRunningAsync(new("A11-base", "sleep-forever"));
        await _fleet.StopAsync("A11-base");
        await _fleet.AddAsync(new FakeAgentYaml("A11", $"witness {_fleet.FileOf("a11")} sleep-forever") { More = "after: [A11-base]" });
        await _fleet.UntilStateAsync("A11", "pending");

        await _fleet.Api.PostAsync("/api/v1/agents/A11/restart");
        await _fleet.Api.PostAsync("/api/v1/agents/A11/restart");
        Assert.Equal("pending", (await _fleet.AgentAsync("A11")).State);
        await _fleet.StartAsync("A11-base");

        var agent = await _fleet.UntilStateAsync("A11", "running");
        await WitnessedAsync("a11", 1);
        Assert.Equal(1, agent.Run);
        Assert.Single(_fleet.Events.Of("A11", "agent.run-decided"));
    }

    private async Task<TimeSpan> StopTookAsync(string id) =>
        (await _fleet.Events.FirstAsync(id, "agent.stopped")).At - (await _fleet.Events.FirstAsync(id, "agent.stop-decided")).At;

    private Task WitnessedAsync(string name, int runs) => Eventually.TrueAsync(() => _fleet.Witness(name).Count >= runs, $"the witness {name} has seen {runs} runs");

    private Task OutputAsync(string id, string text) => Eventually.TrueAsync(
        async () => Encoding.UTF8.GetString(await _fleet.Api.LogAsync(id, 1)).Contains(text, StringComparison.Ordinal),
        () => $"{id} prints {text}");
}
