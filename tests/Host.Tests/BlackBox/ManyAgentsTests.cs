using System.Text.Json;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>What only numbers show: spread, leaks and the cost of doing nothing.</summary>
public sealed class ManyAgentsTests(ManyAgentsTests.FewStarts shared) : IClassFixture<ManyAgentsTests.FewStarts>
{
    private const int MaxStarts = 8;

    public sealed class FewStarts : SharedFleet
    {
        internal override FleetSettings Settings => new() { Node = $", maxStarts: {MaxStarts}" };
    }

    private readonly TestFleet _fleet = shared.Fleet;

    /// <summary>How often; SUPERVISOR_TEST_SCALE=25 runs what the cases ask for in full.</summary>
    private static int Scale { get; } = int.Parse(Environment.GetEnvironmentVariable("SUPERVISOR_TEST_SCALE") ?? "1", System.Globalization.CultureInfo.InvariantCulture);

    [Fact, Case("B8")]
    public async Task Agents_that_crash_in_the_same_second_come_back_spread_over_the_jitter_and_few_at_a_time()
    {
        const int count = 60;
        var gate = _fleet.FileOf("b8.gate");
        var agents = Enumerable.Range(0, count)
            .Select(i => new FakeAgentYaml($"B8-{i}", $"nth {_fleet.FileOf($"b8.{i}")} {{ await-file {gate} exit 1 }} {{ sleep-forever }}")
            {
                Restart = "{ policy: always, initial: 1s, max: 10s, jitter: 0.5 }",
            }).ToArray();
        await _fleet.AddAsync(agents);
        foreach (var agent in agents)
        {
            await _fleet.UntilStateAsync(agent.Id, "running", TimeSpan.FromSeconds(60));
        }

        await File.WriteAllTextAsync(gate, "");

        var delays = new List<TimeSpan>();
        foreach (var agent in agents)
        {
            delays.Add((await _fleet.Events.FirstAsync(agent.Id, "agent.restart-planned")).Duration("delay"));
            await _fleet.UntilAsync(agent.Id, a => a is { State: "running", Run: 2 }, "runs again", TimeSpan.FromSeconds(60));
        }

        var window = TimeSpan.FromSeconds(1);
        Assert.True(delays.Max() - delays.Min() >= window * 0.8, $"from {delays.Min()} to {delays.Max()}");
        Assert.InRange(MostAtOnce(agents.Select(a => a.Id)), 1, MaxStarts);
        await _fleet.CliAsync("stop", "--all", "--wait");
    }

    [Fact, Case("A18")]
    public async Task Many_start_and_stop_cycles_leave_no_descriptor_and_no_thread_behind()
    {
        await _fleet.AddRunningAsync(new("A18", "sleep-forever"));
        await CyclesAsync(5);
        var (descriptors, threads) = (Proc.Descriptors(_fleet.Daemon.Pid), Proc.Threads(_fleet.Daemon.Pid));

        await CyclesAsync(40 * Scale);

        await Eventually.TrueAsync(
            () => Proc.Descriptors(_fleet.Daemon.Pid) <= descriptors + 2 && Proc.Threads(_fleet.Daemon.Pid) <= threads + 2,
            $"{descriptors} descriptors and {threads} threads again, +2 at most",
            TimeSpan.FromSeconds(60));
        Assert.Empty(Proc.Zombies(_fleet.Parents()));
    }

    [Fact, Case("A17")]
    public async Task Ten_thousand_short_children_of_agents_leave_no_zombie_and_do_not_grow_the_daemon()
    {
        await _fleet.AddRunningAsync(new("A17-warm", "short-children 100 orphans 20 out done sleep-forever"));
        await OutputAsync("A17-warm");
        var before = Proc.ResidentBytes(_fleet.Daemon.Pid);

        await _fleet.AddAsync(
            new FakeAgentYaml("A17-a", "short-children 4500 orphans 500 out done sleep-forever"),
            new FakeAgentYaml("A17-b", "short-children 4500 orphans 500 out done sleep-forever"));
        await OutputAsync("A17-a");
        await OutputAsync("A17-b");

        await Eventually.TrueAsync(() => Proc.Zombies(_fleet.Parents()).Count == 0, "no zombie");
        var growth = (double)(Proc.ResidentBytes(_fleet.Daemon.Pid) - before) / before;
        Assert.True(growth < 0.10, $"the daemon grew by {growth:P1}");
    }

    [Fact, Case("D24")]
    public async Task Two_hundred_idle_agents_cost_the_daemon_next_to_nothing()
    {
        var agents = Enumerable.Range(0, 200).Select(i => new FakeAgentYaml($"D24-{i}", "sleep-forever")).ToArray();
        // As often as an operator's watchdog looks, and not as often as that of the other cases.
        await using var fleet = await TestFleet.StartAsync(new() { Sweep = "2m", Node = ", maxStarts: 20", Agents = agents });
        foreach (var agent in agents)
        {
            await fleet.UntilStateAsync(agent.Id, "running", TimeSpan.FromSeconds(90));
        }

        // Starting them is work, and the runtime tidies up after it: the best of some windows is what idling costs.
        var shares = new List<double>();
        while (shares.Count < 6 && shares.DefaultIfEmpty(1).Min() >= 0.03)
        {
            shares.Add(await ShareOfACoreAsync(fleet.Daemon.Pid, TimeSpan.FromSeconds(8)));
        }

        Assert.True(shares.Min() < 0.03, $"of one core, for 200 idle agents: {string.Join(", ", shares.Select(share => $"{share:P1}"))}");
        Assert.InRange(Proc.ResidentBytes(fleet.Daemon.Pid), 0, 600L << 20);
    }

    private static async Task<double> ShareOfACoreAsync(int pid, TimeSpan window)
    {
        var (ticks, from) = (Proc.CpuTicks(pid), DateTimeOffset.UtcNow);
        await Eventually.PastAsync(from + window);
        return (Proc.CpuTicks(pid) - ticks) / 100.0 / (DateTimeOffset.UtcNow - from).TotalSeconds;
    }

    private async Task CyclesAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _fleet.StopAsync("A18");
            await _fleet.StartAsync("A18");
        }
    }

    private Task OutputAsync(string id) => Eventually.TrueAsync(
        async () => System.Text.Encoding.UTF8.GetString(await _fleet.Api.LogAsync(id, 1)).EndsWith("done\n", StringComparison.Ordinal),
        () => $"{id} is done",
        TimeSpan.FromSeconds(120));

    // A start is under way from the intent that is written immediately before it until its process exists.
    private int MostAtOnce(IEnumerable<string> agents)
    {
        var edges = new List<(DateTimeOffset At, int Change)>();
        foreach (var agent in agents)
        {
            using var intent = JsonDocument.Parse(File.ReadAllText(Path.Combine(_fleet.StateDirectory, "agents", agent, "runs", "2", "intent.json")));
            edges.Add((intent.RootElement.GetProperty("decidedAt").GetDateTimeOffset(), 1));
            edges.Add((_fleet.Events.Of(agent, "agent.started").Single(e => e.Run == 2)["startedAt"].GetDateTimeOffset(), -1));
        }

        var (now, most) = (0, 0);
        foreach (var (_, change) in edges.OrderBy(edge => edge.At).ThenBy(edge => edge.Change))
        {
            now += change;
            most = Math.Max(most, now);
        }

        return most;
    }
}
