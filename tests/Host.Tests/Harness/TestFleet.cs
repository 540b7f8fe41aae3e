using System.Globalization;

namespace Supervisor.Host.Tests.Harness;

/// <summary>What a test may want otherwise about the node.</summary>
internal sealed record FleetSettings
{
    public string OnShutdown { get; init; } = "stop";
    public string Sweep { get; init; } = "1s";

    /// <summary>Further top-level lines of the configuration.</summary>
    public string More { get; init; } = "";

    /// <summary>Further keys under <c>node:</c>, each with a leading comma.</summary>
    public string Node { get; init; } = "";

    /// <summary>Further keys under <c>http:</c>, each with a leading comma.</summary>
    public string Http { get; init; } = "";

    /// <summary>Names and values of the daemon's own environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Agents of the first configuration, before the daemon runs.</summary>
    public IReadOnlyList<FakeAgentYaml> Agents { get; init; } = [];
}

/// <summary>
/// A whole fleet in a folder of its own: configuration, state, home, and the built program as a real process. At the end nothing of it may be
/// left running.
/// </summary>
internal sealed class TestFleet : IAsyncDisposable
{
    private readonly FleetSettings _settings;
    private int _port;
    private bool _disposed;

    private TestFleet(FleetSettings settings)
    {
        _settings = settings;
        Directory = System.IO.Directory.CreateTempSubdirectory("sv-").FullName;
        foreach (var name in new[] { "agents", "home", "state", "files" })
        {
            System.IO.Directory.CreateDirectory(Path.Combine(Directory, name));
        }

        File.WriteAllText(Prompt, "Work on {{agent.id}}.\n");
        Environment = new Dictionary<string, string>(settings.Environment)
        {
            ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = Path.Combine(Directory, "home"),
            ["LANG"] = "C.UTF-8",
            ["DOTNET_ROOT"] = Path.GetDirectoryName(Programs.Dotnet)!,
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["NO_COLOR"] = "1",
        };
    }

    public string Directory { get; }
    public string ConfigFile => Path.Combine(Directory, "supervisor.yaml");
    public string StateDirectory => Path.Combine(Directory, "state");
    public string Prompt => Path.Combine(Directory, "prompt.md");
    public IReadOnlyDictionary<string, string> Environment { get; }
    public Uri Url => new($"http://127.0.0.1:{_port}");
    public Daemon Daemon { get; private set; } = null!;
    public ApiClient Api { get; private set; } = null!;
    public EventLog Events { get; private set; } = null!;

    /// <summary>A path for a script's or a test's own files.</summary>
    public string FileOf(string name) => Path.Combine(Directory, "files", name);

    public static async Task<TestFleet> StartAsync(FleetSettings? settings = null)
    {
        var fleet = new TestFleet(settings ?? new FleetSettings());
        try
        {
            fleet.WriteAgents("first", fleet._settings.Agents);
            await fleet.StartOnFreePortAsync();
            fleet.Api = new ApiClient(fleet.Url);
            fleet.Events = new EventLog(fleet.Url);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>A folder with a configuration and no daemon.</summary>
    public static TestFleet WithoutDaemon(FleetSettings? settings = null)
    {
        var fleet = new TestFleet(settings ?? new FleetSettings()) { _port = Daemon.FreePort() };
        fleet.WriteAgents("first", fleet._settings.Agents);
        fleet.WriteConfig();
        return fleet;
    }

    private async Task StartOnFreePortAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            _port = Daemon.FreePort();
            WriteConfig();
            try
            {
                await StartDaemonAsync();
                return;
            }
            catch (DaemonEndedException e) when (e.PortTaken && attempt < 3)
            {
                Daemon.Dispose();
            }
        }
    }

    /// <summary>The daemon again, on the same configuration and state.</summary>
    public async Task StartDaemonAsync(string? bearer = null)
    {
        Daemon = Daemon.Start(Directory, ConfigFile, Environment);
        await Daemon.UntilReadyAsync(Url, bearer);
    }

    /// <summary>Writes the configuration; <paramref name="more"/> in the place of the settings' further lines.</summary>
    public void WriteConfig(string? more = null) => File.WriteAllText(ConfigFile, string.Create(CultureInfo.InvariantCulture, $$"""
        node: { name: test, stateDir: {{Json.Quote(StateDirectory)}}, onShutdown: {{_settings.OnShutdown}}{{_settings.Node}} }
        http: { listen: "127.0.0.1:{{_port}}"{{_settings.Http}} }
        cluster: { port: 0 }
        gateway: { listen: "off" }
        watchdog: { sweep: {{_settings.Sweep}} }
        include: ["agents/*.yaml"]
        {{more ?? _settings.More}}
        """));

    public void WriteAgents(string file, params IReadOnlyList<FakeAgentYaml> agents) =>
        File.WriteAllText(Path.Combine(Directory, "agents", file + ".yaml"), agents.Count == 0 ? "agents: []\n" : "agents:\n" + string.Concat(agents.Select(a => a.ToYaml(Prompt))));

    /// <summary>Adds agents to the running fleet, as an operator does: a file and a reload.</summary>
    public async Task AddAsync(params IReadOnlyList<FakeAgentYaml> agents)
    {
        WriteAgents(agents[0].Id, agents);
        await Api.PostAsync("/api/v1/config/reload");
    }

    public Task<CommandResult> CliAsync(params IReadOnlyList<string> arguments) =>
        Command.RunAsync(Directory, new Dictionary<string, string>(Environment) { ["SUPERVISOR_URL"] = Url.ToString() }, Programs.Dotnet, [Programs.Supervisor, .. arguments]);

    public Task<AgentView> AgentAsync(string id) => Api.GetAsync<AgentView>($"/api/v1/agents/{id}");

    public Task<AgentView> UntilStateAsync(string id, string state, TimeSpan? within = null) => UntilAsync(id, a => a.State == state, $"state {state}", within);

    /// <summary>The agent, as soon as it fits. It is looked at after every event and at least every tenth of a second.</summary>
    public async Task<AgentView> UntilAsync(string id, Func<AgentView, bool> condition, string what, TimeSpan? within = null)
    {
        AgentView? agent = null;
        await Eventually.TrueAsync(
            async () => (agent = await Api.TryGetAsync<AgentView>($"/api/v1/agents/{id}")) is not null && condition(agent),
            () => $"{id}: {what}; it is {agent}\n{Story(id)}",
            within);
        return agent!;
    }

    /// <summary>What there is to know after a failure.</summary>
    public string Story(string? agent = null)
    {
        var log = Daemon.Log;
        return $"events:\n{string.Join('\n', agent is null ? Events.All : Events.Of(agent))}\ndaemon's log, its end:\n{log[Math.Max(0, log.Length - 4000)..]}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (Events is not null)
        {
            await Events.DisposeAsync();
        }

        Api?.Dispose();
        var end = "";
        if (Daemon is { Lives: true })
        {
            Daemon.Signal(Proc.SigTerm);
            await Daemon.ExitAsync(TimeSpan.FromSeconds(40));
            end = _settings.OnShutdown == "stop" ? Daemon.Log : "";
        }

        Daemon?.Dispose();
        var left = await Leftovers.RemoveAsync(Directory);
        System.IO.Directory.Delete(Directory, recursive: true);
        if (end.Length > 0)
        {
            Assert.True(left.Count == 0, $"the daemon stopped its agents and left these behind:\n{string.Join('\n', left)}\nits log, at the end:\n{end[Math.Max(0, end.Length - 4000)..]}");
        }
    }
}
