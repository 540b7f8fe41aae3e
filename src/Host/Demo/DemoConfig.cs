using System.Globalization;
using System.Text.Json;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Demo;

/// <summary>The fleet's <c>supervisor.yaml</c>, as an operator would write it.</summary>
internal static class DemoConfig
{
    /// <summary>In the environment of every process of the fleet, so that one which wanders off is still found.</summary>
    public const string Marker = "SUPERVISOR_DEMO";

    public static string Text(DemoFolder folder, int port, string unfinished) => string.Create(CultureInfo.InvariantCulture, $$"""
        # The fleet of `supervisor demo`: nothing but sh and git.
        node: { name: demo, stateDir: {{Quote(folder.State)}}, onShutdown: stop }
        http: { listen: "127.0.0.1:{{port}}" }
        cluster: { port: 0 }
        gateway: { listen: "off" }
        watchdog: { sweep: {{Ms(DemoCast.Sweep)}} }

        repositories:
          - { id: app, path: {{Quote(folder.Repository)}}, remote: origin, branch: main, push: { mode: branch, every: 2s } }

        agents:
        {{string.Join('\n', Agents(folder, unfinished))}}

        """);

    private static IEnumerable<string> Agents(DemoFolder folder, string unfinished) =>
    [
        .. DemoCast.Committers.Select(id => Agent(folder, id, ["committer.sh", id], work: true)),
        Agent(folder, DemoCast.Crasher, ["crasher.sh"], work: false, Restart(DemoCast.CrasherRestart)),
        Agent(folder, DemoCast.Broken, ["broken.sh"], work: false, Restart(DemoCast.BrokenRestart)),
        Agent(folder, DemoCast.Hanger, ["hanger.sh", unfinished], work: true, $"liveness: {{ stallAfter: {Ms(DemoCast.StallAfter)}, onStall: [resume] }}", "restart: { initial: 500ms }"),
        Agent(folder, DemoCast.Stubborn, ["stubborn.sh", Path.Combine(folder.Scripts, "deaf.sh")], work: false, Stop(DemoCast.StubbornStop)),
        Agent(folder, DemoCast.Finisher, ["finisher.sh"], work: true, "restart: { policy: on-failure }"),
    ];

    private static string Agent(DemoFolder folder, string id, IReadOnlyList<string> script, bool work, params string[] more) => $"""
          - id: {id}
            kind: command
            command: {Quote((string[])["sh", Path.Combine(folder.Scripts, script[0]), .. script.Skip(1)])}
            {(work ? "repository: app" : "workspace: none")}
            env: {Quote(Environment(folder))}{string.Concat(more.Select(line => $"\n    {line}"))}
        """;

    // Nothing of the operator's own git settings: no signing, no hooks.
    private static Dictionary<string, string> Environment(DemoFolder folder) => new()
    {
        [Marker] = folder.Name,
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
    };

    private static string Restart(RestartOptions r) => string.Create(CultureInfo.InvariantCulture,
        $"restart: {{ initial: {Ms(r.Initial)}, factor: {r.Factor}, max: {Ms(r.Max)}, jitter: {r.Jitter}, crashLoop: {{ failures: {r.CrashLoop.Failures}, within: {Ms(r.CrashLoop.Within)}, retryEvery: {Ms(r.CrashLoop.RetryEvery)} }} }}");

    private static string Stop(StopOptions s) => $"stop: {{ signal: {s.Signal}, grace: {Ms(s.Grace)}, kill: {Ms(s.Kill)} }}";

    private static string Ms(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms");

    /// <summary>JSON is YAML.</summary>
    private static string Quote<T>(T value) => JsonSerializer.Serialize(value);
}
