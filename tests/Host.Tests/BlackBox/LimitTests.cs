using System.Globalization;
using System.Text;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>What one agent may take, and that the others do not notice.</summary>
public sealed class LimitTests(SharedFleet shared) : IClassFixture<SharedFleet>
{
    private readonly TestFleet _fleet = shared.Fleet;

    [SkippableTheory, Case("A13")]
    [InlineData("agent", "sleep 100ms alloc 512 exit 0")]
    [InlineData("child", "spawn-wait-exit { sleep 100ms alloc 512 }")]
    public async Task An_agent_out_of_memory_is_told_from_a_crash_and_the_others_run_on(string who, string script)
    {
        Skip.IfNot(Cgroups.CanLimit("memory"), Cgroups.Reason("memory"));
        var id = $"A13-{who}";
        var other = await _fleet.AddRunningAsync(new($"{id}-other", "sleep-forever"));

        await _fleet.AddAsync(new FakeAgentYaml(id, script) { Restart = "{ policy: always, initial: 10m, max: 10m }", More = "limits: { memory: 64MiB }" });

        var exited = await _fleet.Events.FirstAsync(id, "agent.exited");
        Assert.Equal("oom", exited["reason"].GetString());
        var agent = await _fleet.AgentAsync(id);
        Assert.Equal(("backoff", "oom"), (agent.State, agent.LastExit!.By));
        Assert.Equal((other.Pid, other.Run), ((await _fleet.AgentAsync(other.Id)).Pid, (await _fleet.AgentAsync(other.Id)).Run));
    }

    [SkippableFact, Case("A19"), Case("L4")]
    public async Task A_fork_bomb_meets_its_limit_and_nobody_else_does()
    {
        Skip.IfNot(Cgroups.CanLimit("pids"), Cgroups.Reason("pids"));
        await _fleet.AddRunningAsync(new("A19-other", "sleep-forever"));
        await _fleet.AddRunningAsync(new("A19", "forkbomb 500 sleep-forever") { Stop = "{ grace: 1s, kill: 5s }", More = "limits: { pids: 50 }" });
        var told = "";
        await Eventually.TrueAsync(async () => (told = Encoding.UTF8.GetString(await _fleet.Api.LogAsync("A19", 1))).Length > 0, () => "the bomb reports");

        Assert.StartsWith("refused after ", told, StringComparison.Ordinal);
        Assert.InRange(int.Parse(told.Split(' ')[2].TrimEnd(':'), CultureInfo.InvariantCulture), 1, 50);
        Assert.InRange((await _fleet.Api.GetAsync("/api/v1/status")).Took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal("running", (await _fleet.AgentAsync("A19-other")).State);
        var stopped = await _fleet.Api.PostAsync("/api/v1/agents/A19/stop?wait=30s");
        Assert.Equal("stopped", Json.Read<AgentView>(stopped.Body).State);
        Assert.InRange(stopped.Took, TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    [SkippableFact, Case("A16")]
    public async Task A_machine_without_free_processes_delays_a_start_and_does_not_harm_the_daemon()
    {
        Skip.If(Cgroups.V1("pids") is null, Cgroups.Reason("pids"));
        await using var fleet = await TestFleet.StartAsync();
        await fleet.AddRunningAsync(new("A16-before", "sleep-forever"));
        var group = Directory.CreateDirectory(Path.Combine(Cgroups.V1("pids")!, $"sv-test-{fleet.Daemon.Pid}")).FullName;
        try
        {
            await File.WriteAllTextAsync(group + "/cgroup.procs", fleet.Daemon.Pid.ToString(CultureInfo.InvariantCulture));
            await File.WriteAllTextAsync(group + "/pids.max", await File.ReadAllTextAsync(group + "/pids.current"));

            await fleet.AddAsync(new FakeAgentYaml("A16", "sleep-forever") { Restart = "{ policy: always, initial: 300ms, max: 300ms, crashLoop: { failures: 1000, within: 10m } }" });
            await fleet.Events.AtLeastAsync(2, "A16", "agent.restart-planned");
            Assert.True((await fleet.Api.GetAsync("/api/v1/status")).Ok);

            await File.WriteAllTextAsync(group + "/pids.max", "max");
            await fleet.UntilStateAsync("A16", "running");
            Assert.Equal(1, (await fleet.AgentAsync("A16-before")).Run);
        }
        finally
        {
            await File.WriteAllTextAsync(group + "/pids.max", "max");
            await fleet.DisposeAsync();
            await Eventually.TrueAsync(() => TryRemove(group), $"{group} is empty");
        }
    }

    private static bool TryRemove(string group)
    {
        try
        {
            Directory.Delete(group);
            return true;
        }
        catch (IOException)
        {
            // The kernel still counts a process that is on its way out.
            return false;
        }
    }
}
