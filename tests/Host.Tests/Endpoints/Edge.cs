using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Supervisor.Actors.Common;
using Supervisor.Host.Configuration;
using Supervisor.Host.Endpoints;

namespace Supervisor.Host.Tests.Endpoints;

/// <summary>The endpoints over a real listener on a free loopback port, with a fake fleet behind them.</summary>
internal sealed class Edge : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Edge(WebApplication app, FakeFleet fleet, string state)
    {
        (_app, Fleet, StateDirectory) = (app, fleet, state);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(20) };
    }

    public FakeFleet Fleet { get; }
    public string StateDirectory { get; }
    public HttpClient Http { get; }
    public IServiceProvider Services => _app.Services;

    public static async Task<Edge> StartAsync(Func<EdgeOptions, EdgeOptions>? change = null, Action<IServiceCollection>? services = null)
    {
        var state = Directory.CreateTempSubdirectory("edge-").FullName;
        var options = new EdgeOptions { Node = "n1", Version = "0.1.0", StateDirectory = state, Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        var fleet = new FakeFleet();
        fleet.Add("A1");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Error).AddSimpleConsole();
        builder.AddEdge(change?.Invoke(options) ?? options);
        builder.Services.AddSingleton<IFleetClient>(fleet).AddSingleton<IClusterView>(fleet).AddSingleton<IFleetReloader>(fleet).AddSingleton<LoopMonitor>();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapEdge();
        await app.StartAsync();
        app.Services.GetRequiredService<StartupGate>().Open();
        return new Edge(app, fleet, state);
    }

    public string Output(string agent, long run, string stream, string text)
    {
        var directory = Directory.CreateDirectory(Path.Combine(StateDirectory, "agents", agent, "runs", $"{run}")).FullName;
        File.WriteAllText(Path.Combine(directory, stream), text);
        return directory;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(StateDirectory, recursive: true);
    }
}
