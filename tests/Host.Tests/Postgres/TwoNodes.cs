using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.Postgres;

/// <summary>Two daemons on loopback with one database: <c>a</c> stays; <c>b</c>, which is older and so has the singletons, is the one to leave.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _root = Directory.CreateTempSubdirectory("sv2-").FullName;
    private readonly IReadOnlyList<ClusterNode> _nodes;

    private TwoNodes(string connection, string onShutdown, IReadOnlyList<FakeAgentYaml> agents) =>
        _nodes = ClusterNode.Plan(_root, connection, onShutdown, agents, "b", "a");

    public ClusterNode B => _nodes[0];
    public ClusterNode A => _nodes[1];
    public IReadOnlyList<string> Addresses => [.. _nodes.Select(n => n.Address).Order(StringComparer.Ordinal)];

    public static async Task<TwoNodes> StartAsync(string connection, string onShutdown, params IReadOnlyList<FakeAgentYaml> agents)
    {
        var two = new TwoNodes(connection, onShutdown, agents);
        try
        {
            await two.B.StartAsync();
            await two.A.StartAsync();
            foreach (var node in two._nodes)
            {
                await Eventually.TrueAsync(
                    async () => (await node.MembersUpAsync()).SequenceEqual(two.Addresses), () => $"{node.Name} sees both nodes up\n{two.Story()}", Limit);
            }

            return two;
        }
        catch
        {
            await two.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGTERM to <c>b</c>, and <c>a</c> alone.</summary>
    public async Task LetBLeaveAsync()
    {
        B.Daemon.Signal(Proc.SigTerm);
        Assert.Equal(0, await B.Daemon.ExitAsync(Limit));
        await Eventually.TrueAsync(async () => (await A.MembersUpAsync()).SequenceEqual([A.Address]), () => $"a is alone\n{Story()}", Limit);
    }

    public string Story() => string.Join('\n', _nodes.Select(n => n.Story()));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }

        // Daemons, shims and agents alike: whatever refers to the folder.
        await Leftovers.RemoveAsync(_root);
        Directory.Delete(_root, recursive: true);
    }
}
