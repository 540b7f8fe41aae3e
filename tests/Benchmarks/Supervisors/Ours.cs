using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Supervisor.Benchmarks.Measuring;

namespace Supervisor.Benchmarks.Supervisors;

/// <summary>The published program, with its native shims.</summary>
sealed class Ours(string published) : Candidate
{
    readonly string _program = Path.Combine(published, "supervisor");
    readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    int _port;

    public override string Name => "supervisor (this)";
    public override string? Missing => File.Exists(_program) ? null : "not built";

    /// <summary>As src/Host/Daemon/StateDirectory.cs opens it.</summary>
    public override string OnDiskFirst => "yes (SQLite WAL, synchronous FULL)";

    string Url => $"http://127.0.0.1:{_port}";

    protected override void Write()
    {
        _port = FreePort();
        using var file = File.CreateText(In("supervisor.yaml"));
        file.WriteLine($$"""
            node: { name: benchmark, stateDir: {{In("state")}}, onShutdown: stop }
            http: { listen: 127.0.0.1:{{_port}} }
            cluster: { port: 0 }
            gateway: { listen: "off" }
            agents:{{(Work.Names.Count == 0 ? " []" : "")}}
            """);
        foreach (var name in Work.Names)
        {
            file.WriteLine($$"""
                  - id: {{name}}
                    kind: command
                    command: [{{string.Join(", ", Work.CommandOf(name))}}]
                    workspace: none
                    restart: { initial: 0s, jitter: 0, crashLoop: { failures: 1000 } }
                    stop: { grace: 1s }
                    limits: { runs: 20 }
                """);
        }
    }

    protected override Process Start() => Command.Start(_program, ["run", "--config", In("supervisor.yaml")], In("log"));

    public override bool Answers()
    {
        try
        {
            using var answer = _http.GetAsync($"{Url}/ready").GetAwaiter().GetResult();
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    public override CommandResult Status() => Client("status");
    public override CommandResult StopAll() => Client("stop", "--all", "--wait");

    CommandResult Client(params string[] words) => Command.Run(_program, [.. words, "--url", Url]);

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
