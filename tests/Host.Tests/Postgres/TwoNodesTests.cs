using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class TwoNodesTests(PostgresServer server)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly FakeAgentYaml[] Agents =
    [
        new("on-a", "sleep-forever") { More = "node: a" },
        new("on-b", "sleep-forever") { More = "node: b" },
        new("any-1", "sleep-forever"),
        new("any-2", "sleep-forever"),
        new("any-3", "sleep-forever"),
    ];

    [SkippableFact]
    public async Task Two_daemons_join_and_share_the_agents_by_their_rules()
    {
        Skip.If(server.Missing.Length > 0, server.Missing);
        await using var two = await TwoNodes.StartAsync(await server.NewDatabaseAsync(), "stop", Agents);

        foreach (var node in new[] { two.A, two.B })
        {
            Assert.Equal(two.Addresses, await node.MembersUpAsync());
            var cluster = await node.CliAsync("cluster");
            Assert.True(cluster.Exit == 0, cluster.ToString());
            Assert.All(two.Addresses, address => Assert.Contains(address, cluster.Stdout, StringComparison.Ordinal));

            // Each of the two answers for all agents, wherever they are.
            foreach (var agent in Agents) await node.UntilAsync(agent.Id, a => a.State == "running", "running", Limit);
            Assert.Equal("a", (await node.Api.GetAsync<AgentView>("/api/v1/agents/on-a")).Node);
            Assert.Equal("b", (await node.Api.GetAsync<AgentView>("/api/v1/agents/on-b")).Node);
        }

        // A command is taken on either node, too.
        await two.A.Api.PostAsync("/api/v1/agents/on-b/stop?wait=30s");
        Assert.Equal("stopped", (await two.B.Api.GetAsync<AgentView>("/api/v1/agents/on-b")).State);
    }

    [SkippableFact]
    public async Task A_node_that_leaves_and_stops_its_agents_hands_them_over()
    {
        Skip.If(server.Missing.Length > 0, server.Missing);
        await using var two = await TwoNodes.StartAsync(await server.NewDatabaseAsync(), "stop", Agents);
        foreach (var agent in Agents) await two.A.UntilAsync(agent.Id, a => a.State == "running", "running", Limit);
        var onA = await two.A.Api.GetAsync<AgentView>("/api/v1/agents/on-a");

        await two.LetBLeaveAsync();

        var waits = await two.A.UntilAsync("on-b", a => a.State == "pending", "pending", Limit);
        Assert.Contains("node: b", waits.Reason, StringComparison.Ordinal);
        foreach (var any in new[] { "any-1", "any-2", "any-3" })
            await two.A.UntilAsync(any, a => a is { State: "running", Node: "a" }, "running on a", Limit);
        var stillOnA = await two.A.Api.GetAsync<AgentView>("/api/v1/agents/on-a");
        Assert.Equal((onA.Pid, onA.Run), (stillOnA.Pid, stillOnA.Run));
        await RulesAloneAsync(two);

        // And back: what waited for its node goes on as soon as that is there again.
        await two.B.StartAsync();
        await two.A.UntilAsync("on-b", a => a is { State: "running", Node: "b" }, "running on b again", Limit);
    }

    [SkippableFact]
    public async Task A_node_that_leaves_and_leaves_its_agents_running_finds_them_again()
    {
        Skip.If(server.Missing.Length > 0, server.Missing);
        await using var two = await TwoNodes.StartAsync(await server.NewDatabaseAsync(), "leave", Agents);
        foreach (var agent in Agents) await two.A.UntilAsync(agent.Id, a => a.State == "running", "running", Limit);
        var before = await two.A.Api.GetAsync<AgentView>("/api/v1/agents/on-b");

        await two.LetBLeaveAsync();

        // Unknown is not dead: its process lives, and nobody may start a second one.
        var suspect = await two.A.UntilAsync("on-b", a => a.State == "suspect", "suspect", Limit);
        Assert.Contains("b", suspect.Reason, StringComparison.Ordinal);
        Assert.Equal(before.Run, suspect.Run);
        Assert.True(Proc.Lives(before.Pid!.Value), two.Story());
        await RulesAloneAsync(two);

        await two.B.StartAsync();
        var after = await two.A.UntilAsync("on-b", a => a.State == "running", "running again", Limit);
        Assert.Equal((before.Pid, before.Run, true), (after.Pid, after.Run, after.Adopted));
    }

    /// <summary>All singletons have come over: the loops run, every agent answers, and commands are taken.</summary>
    private static async Task RulesAloneAsync(TwoNodes two)
    {
        await Eventually.TrueAsync(async () => (await two.A.Api.GetAsync("/ready")).Ok, () => $"a is ready\n{two.Story()}", Limit);
        Assert.Equal(Agents.Select(a => a.Id).Order(StringComparer.Ordinal), (await two.A.Api.GetAsync<List<AgentView>>("/api/v1/agents")).Select(a => a.Id).Order(StringComparer.Ordinal));
        var members = await two.A.Api.GetAsync<ClusterNode.MembersView>("/cluster/members");
        Assert.Equal((two.A.Address, two.A.Address), (members.Oldest, members.Leader));
        await two.A.Api.PostAsync("/api/v1/agents/on-a/restart?wait=30s");
        await two.A.UntilAsync("on-a", a => a is { State: "running", Run: > 1 }, "restarted", Limit);
    }
}
