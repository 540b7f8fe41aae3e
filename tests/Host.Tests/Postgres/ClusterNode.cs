using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.Postgres;

/// <summary>One daemon of a cluster: a folder, a state directory, ports and a name of its own, the fleet and the database in common.</summary>
internal sealed class ClusterNode : IDisposable
{
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly string _folder;
    private readonly string _config;
    private readonly int _http;
    private Harness.Daemon? _daemon;

    private ClusterNode(string folder, string name, int http, int remoting, string config)
    {
        (_folder, Name, _http, Address) = (folder, name, http, $"akka.tcp://supervisor@127.0.0.1:{remoting}");
        Directory.CreateDirectory(_folder);
        _config = Path.Combine(_folder, "supervisor.yaml");
        File.WriteAllText(_config, config);
        Api = new ApiClient(Url);
        _environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = _folder,
            ["LANG"] = "C.UTF-8",
            ["DOTNET_ROOT"] = Path.GetDirectoryName(Programs.Dotnet)!,
            ["NO_COLOR"] = "1",
            ["SUPERVISOR_URL"] = Url.ToString(),
        };
    }

    public string Name { get; }
    public string Address { get; }
    public ApiClient Api { get; }
    public Harness.Daemon Daemon => _daemon ?? throw new InvalidOperationException($"node {Name} was not started");
    private Uri Url => new($"http://127.0.0.1:{_http}");

    /// <summary>Nodes that know each other; the first of them forms the cluster.</summary>
    public static IReadOnlyList<ClusterNode> Plan(string root, string connection, string onShutdown, IReadOnlyList<FakeAgentYaml> agents, params IReadOnlyList<string> names)
    {
        var remoting = names.Select(_ => Harness.Daemon.FreePort()).ToList();
        var seeds = Json.Quote(remoting.Select(port => $"127.0.0.1:{port}"));
        return [.. names.Select((name, i) =>
        {
            var folder = Path.Combine(root, name);
            var http = Harness.Daemon.FreePort();
            return new ClusterNode(folder, name, http, remoting[i], $$"""
                node: { name: {{name}}, stateDir: {{Json.Quote(Path.Combine(folder, "state"))}}, onShutdown: {{onShutdown}} }
                http: { listen: "127.0.0.1:{{http}}" }
                cluster: { port: {{remoting[i]}}, seeds: {{seeds}} }
                persistence: { provider: postgres, connection: {{Json.Quote(connection)}} }
                gateway: { listen: "off" }
                watchdog: { sweep: 1s }
                agents:

                """ + string.Concat(agents.Select(a => a.ToYaml(""))));
        })];
    }

    public async Task StartAsync()
    {
        _daemon = Harness.Daemon.Start(_folder, _config, _environment);
        await _daemon.UntilReadyAsync(Url);
    }

    public Task<CommandResult> CliAsync(params IReadOnlyList<string> arguments) =>
        Command.RunAsync(_folder, _environment, Programs.Dotnet, [Programs.Supervisor, .. arguments]);

    public async Task<IReadOnlyList<string>> MembersUpAsync()
    {
        var document = await Api.GetAsync<MembersView>("/cluster/members");
        return [.. document.Members.Where(m => m.Status == "Up").Select(m => m.Node).Order(StringComparer.Ordinal)];
    }

    public async Task<AgentView> UntilAsync(string agent, Func<AgentView, bool> condition, string what, TimeSpan within)
    {
        AgentView? view = null;
        await Eventually.TrueAsync(
            async () => (view = await Api.TryGetAsync<AgentView>($"/api/v1/agents/{agent}")) is not null && condition(view),
            () => $"{agent} on node {Name}: {what}; it is {view}\n{Story()}",
            within);
        return view!;
    }

    public string Story()
    {
        var log = _daemon?.Log ?? "";
        return $"log of node {Name}, its end:\n{log[Math.Max(0, log.Length - 6000)..]}";
    }

    public void Dispose()
    {
        Api.Dispose();
        _daemon?.Dispose();
    }

    internal sealed record MembersView(string SelfNode, IReadOnlyList<MemberView> Members, string? Leader, string? Oldest);

    internal sealed record MemberView(string Node, string Status, IReadOnlyList<string> Roles);
}
