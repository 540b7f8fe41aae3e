using System.Globalization;
using System.Runtime.Versioning;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>How the end of a run is seen, whatever way it takes.</summary>
[SupportedOSPlatform("linux")]
public sealed class ExitTests(SharedFleet shared) : IClassFixture<SharedFleet>
{
    private const string Quick = "{ policy: always, initial: 100ms, jitter: 0 }";
    private readonly TestFleet _fleet = shared.Fleet;

    [Fact, Case("A2")]
    public async Task An_exit_counts_at_once_although_a_grandchild_holds_the_output()
    {
        var pid = _fleet.FileOf("a2.pid");
        await _fleet.AddAsync(new FakeAgentYaml(
            "A2",
            $"nth {_fleet.FileOf("a2.n")} {{ spawn {{ pid-to {pid} sleep-forever }} await-file {pid} stamp {_fleet.FileOf("a2.exit")} exit 7 }} {{ tell-alive {pid} {_fleet.FileOf("a2.alive")} sleep-forever }}")
        {
            Restart = Quick,
        });

        var exited = await _fleet.Events.FirstAsync("A2", "agent.exited", e => e.Run == 1);

        var left = DateTimeOffset.Parse((await _fleet.FileAsync("a2.exit")).Trim(), CultureInfo.InvariantCulture);
        Assert.Equal(7, exited["code"].GetInt32());
        Assert.InRange(exited.At - left, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange((await _fleet.Events.FirstAsync("A2", "agent.restart-planned")).At - exited.At, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        Assert.Equal("gone", await _fleet.FileAsync("a2.alive"));
    }

    [Theory, Case("A12")]
    [InlineData("SIGSEGV", 11)]
    [InlineData("SIGABRT", 6)]
    public async Task A_signal_of_the_agents_own_is_its_exit_and_the_policy_follows(string signal, int number)
    {
        var id = $"A12-{signal}";
        await _fleet.AddAsync(new FakeAgentYaml(id, $"nth {_fleet.FileOf(id)} {{ die {signal} }} {{ sleep-forever }}") { Restart = Quick });

        var agent = await _fleet.UntilAsync(id, a => a is { State: "running", Run: 2 }, "runs again");

        Assert.Equal((number, null, 1L), (agent.LastExit!.Signal, agent.LastExit.Code, agent.LastExit.Run));
        Assert.NotEqual("supervisor", agent.LastExit.By);
        Assert.Equal(1, agent.Failures);
    }

    [Fact, Case("A12")]
    public async Task A_SIGKILL_from_outside_is_told_apart_from_the_supervisors_own()
    {
        var agent = await _fleet.AddRunningAsync(new("A12-kill", "sleep-forever") { Restart = Quick });

        Proc.Signal(agent.Pid!.Value, Proc.SigKill);

        agent = await _fleet.UntilAsync("A12-kill", a => a is { State: "running", Run: 2 }, "runs again");
        Assert.Equal((9, "external"), (agent.LastExit!.Signal, agent.LastExit.By));
    }

    [Fact, Case("A14")]
    public async Task The_exit_of_an_agent_that_ends_before_its_start_returns_is_not_lost()
    {
        var agents = Enumerable.Range(0, 20).Select(i => new FakeAgentYaml($"A14-{i}", $"exit {i}") { Restart = "{ policy: never }" }).ToArray();

        await _fleet.AddAsync(agents);

        for (var i = 0; i < agents.Length; i++)
        {
            var exited = await _fleet.Events.FirstAsync(agents[i].Id, "agent.exited");
            Assert.Equal(i, exited["code"].GetInt32());
            Assert.Equal((1, "agent"), ((await _fleet.AgentAsync(agents[i].Id)).Run, (await _fleet.AgentAsync(agents[i].Id)).LastExit!.By));
            Assert.True(_fleet.Events.Of(agents[i].Id, "agent.started").Single().Seq < exited.Seq, "started comes before exited");
        }
    }

    [Fact, Case("A14")]
    public async Task A_start_command_on_such_an_agent_returns_and_tells_the_exit()
    {
        await _fleet.AddAsync(new FakeAgentYaml("A14-cli", "exit 5") { Restart = "{ policy: never }" });
        await _fleet.Events.FirstAsync("A14-cli", "agent.exited");

        var started = await _fleet.CliAsync("start", "A14-cli", "--wait", "--timeout", "20s");

        Assert.True(started.Exit is 0 or 1, started.ToString());
        var agent = await _fleet.UntilAsync("A14-cli", a => a.LastExit?.Run == 2, "its second exit");
        Assert.Equal(5, agent.LastExit!.Code);
    }

    public static TheoryData<string, string> SpawnFailures => new()
    {
        { "missing", "ENOENT" }, { "not-executable", "EACCES" }, { "bad-shebang", "ENOENT" }, { "no-directory", "ENOENT" }, { "too-long", "E2BIG" },
    };

    [Theory, Case("A15")]
    [MemberData(nameof(SpawnFailures))]
    public async Task A_program_that_cannot_start_is_named_by_its_errno_and_counts_towards_the_crash_loop(string what, string errno)
    {
        var id = $"A15-{what}";
        var program = Path.Combine(_fleet.Directory, "files", what);
        if (what is "not-executable" or "bad-shebang")
        {
            await File.WriteAllTextAsync(program, what == "bad-shebang" ? "#!/no/such/interpreter\n" : "#!/bin/sh\n");
            File.SetUnixFileMode(program, UnixFileMode.UserRead | (what == "bad-shebang" ? UnixFileMode.UserExecute : 0));
        }

        IReadOnlyList<string> command = what switch
        {
            "no-directory" => ["/bin/true"],
            // One argument may be 128 KiB long, and no longer.
            "too-long" => ["/bin/echo", new string('x', 200_000)],
            _ => [program],
        };
        await _fleet.AddAsync(new FakeAgentYaml(id, "")
        {
            Command = command,
            Workspace = what == "no-directory" ? Path.Combine(_fleet.Directory, "no-such-directory") : "none",
            Restart = "{ policy: always, initial: 200ms, jitter: 0, crashLoop: { failures: 3, within: 10m, retryEvery: 0s } }",
        });

        var failed = await _fleet.Events.FirstAsync(id, "agent.spawn-failed");
        Assert.Equal(errno, failed["errno"].GetString());
        Assert.InRange(failed.At - (await _fleet.Events.FirstAsync(id, "agent.run-decided")).At, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        var agent = await _fleet.UntilStateAsync(id, "crash-loop");
        Assert.Equal((3, 3), (agent.Run, agent.Failures));
        Assert.Contains($"spawn-failed: {errno}", agent.LastExit!.Reason, StringComparison.Ordinal);
        Assert.Empty(Proc.Zombies(_fleet.Parents()));
    }

    [Fact, Case("A20")]
    public async Task An_agent_that_gave_its_result_and_does_not_exit_is_ended_as_success()
    {
        await _fleet.AddAsync(new FakeAgentYaml("A20", "claude-init claude-say working claude-result done sleep-forever")
        {
            Kind = "claude-code",
            More = "liveness: { lingerAfter: 500ms }",
        });

        var agent = await _fleet.UntilStateAsync("A20", "completed");

        Assert.Equal(("supervisor", 0), (agent.LastExit!.By, agent.Failures));
        Assert.True((await _fleet.Events.FirstAsync("A20", "agent.result-seen"))["success"].GetBoolean());
        await _fleet.Events.FirstAsync("A20", "agent.lingered");
        Assert.Single(_fleet.Events.Of("A20", "agent.run-decided"));
    }
}
