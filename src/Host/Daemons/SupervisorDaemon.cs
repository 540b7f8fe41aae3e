using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Common;
using Supervisor.Actors.Fleet;
using Supervisor.Actors.Outside;
using Supervisor.Actors.Repositories;
using Supervisor.Host.Configuration;
using Supervisor.Host.Endpoints;
using Supervisor.Host.Logging;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Events;
using Supervisor.Messages.Fleet;

namespace Supervisor.Host.Daemons;

/// <summary><c>supervisor run</c>: one node, from its configuration file to its last breath.</summary>
public sealed class SupervisorDaemon(LoadedFleet fleet, StateDirectory state, string node, string? token, LogFormat log)
{
    private readonly TaskCompletionSource<string> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <returns>The exit status: 0 after an orderly end.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        await using var app = Build();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("daemon");
        var reloader = app.Services.GetRequiredService<FleetReloader>();
        var topic = new Lazy<IEventTopic>(app.Services.GetRequiredService<IEventTopic>);

        // .NET 10 ends a process on SIGTERM at once unless somebody takes the signal. A second one changes nothing.
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, "SIGTERM"));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, "SIGINT"));
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, c => Stop(c, "SIGQUIT"));
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, c =>
        {
            c.Cancel = true;
            _ = ReloadAsync(reloader, logger);
        });
        await using var cancelled = cancel.Register(() => _stop.TrySetResult("cancelled"));

        await app.StartAsync(cancel);
        var ended = app.Services.GetRequiredService<ActorSystem>().WhenTerminated;
        if (!await reloader.ApplyFirstAsync(ended, _stop.Task))
        {
            if (_stop.Task.IsCompleted) return await EndAsync(app);
            logger.LogCritical("Node {Node} could not join its cluster: no seed of {Seeds} answered, or none trusts this node", node, string.Join(", ", fleet.Options.Cluster.Seeds));
            return 1;
        }

        app.Services.GetRequiredService<StartupGate>().Open();
        topic.Value.Publish(new NodeEvent(NodeEventTypes.DaemonStarted, null, new Dictionary<string, string>
        {
            ["version"] = ThisVersion.Text,
            ["pid"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
            ["config"] = fleet.SourceFile,
        }, []));
        logger.LogInformation("Node {Node} is ready with {Agents} agents on http://{Listen}", node, fleet.Agents.Count, fleet.Options.Http.Listen);

        var systemd = app.Services.GetRequiredService<ISystemdNotifier>();
        systemd.Notify(ServiceState.Ready);
        await using var memory = StartupMemory.ReturnLater();
        using var watched = SystemdWatchdog.Start(systemd, app.Services.GetRequiredService<LoopMonitor>());

        var first = await Task.WhenAny(_stop.Task, ended);
        if (first == ended)
        {
            logger.LogCritical("The cluster put this node out; it ends so that it can be started again");
            return 1;
        }

        var reason = await _stop.Task;
        logger.LogInformation("Node {Node} ends on {Reason}; running agents: {OnShutdown}", node, reason, fleet.Options.Node.OnShutdown);
        systemd.Notify(ServiceState.Stopping);
        topic.Value.Publish(new NodeEvent(NodeEventTypes.DaemonStopping, null, new Dictionary<string, string>
        {
            ["reason"] = reason,
            ["agents"] = fleet.Options.Node.OnShutdown.ToString().ToLowerInvariant(),
        }, []));
        if (reloader.Current.Options.Node.OnShutdown == OnShutdown.Stop) await StopAgentsAsync(app.Services, reloader.Current, logger);
        return await EndAsync(app);
    }

    private static async Task<int> EndAsync(WebApplication app)
    {
        await app.StopAsync(CancellationToken.None);
        return 0;
    }

    private WebApplication Build()
    {
        var options = fleet.Options;
        var builder = WebApplication.CreateSlimBuilder();
        // All that may be set is in the operator's file; by default files of the working directory would be read, and watched, too.
        builder.Configuration.Sources.Clear();
        builder.Logging.UseStructuredLog(log, node, LogLevel.Information, token is null ? [] : [token]);
        builder.AddEdge(new EdgeOptions
        {
            Node = node,
            Version = ThisVersion.Text,
            StateDirectory = state.Path,
            Listen = Endpoint(ListenAddress.TryParse(options.Http.Listen)!),
            Token = token,
            ReadOnly = options.Http.ReadOnly,
        });

        var loops = new LoopMonitor();
        builder.Services.AddSingleton(loops);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        builder.Services.AddSingleton<IEventTopic>(s => new PubSubTopic(s.GetRequiredService<ActorSystem>()));
        builder.Services.AddSingleton<IFleetClient, FleetClient>();
        builder.Services.AddSingleton<IClusterView, AkkaClusterView>();
        builder.Services.AddSingleton(s => new FleetReloader(
            new FleetStore(fleet), node, state.Path, s.GetRequiredService<IRequiredActor<FleetActorKey>>(), s.GetRequiredService<IRequiredActor<RepositoriesActor>>(), s.GetRequiredService<IEventTopic>()));
        builder.Services.AddSingleton<IFleetReloader>(s => s.GetRequiredService<FleetReloader>());
        builder.Services.AddAkka(AkkaSetup.SystemName, (akka, services) => akka.AddSupervisor(Plan(services, loops)));

        var app = builder.Build();
        app.MapEdge();
        return app;
    }

    private static IPEndPoint Endpoint(ListenAddress listen) => new(
        listen.Host is "*" ? IPAddress.Any : listen.IsLoopback && listen.Host == "localhost" ? IPAddress.Loopback : Dns.GetHostAddresses(listen.Host)[0], listen.Port);

    private NodePlan Plan(IServiceProvider services, LoopMonitor loops)
    {
        var options = fleet.Options;
        var events = services.GetRequiredService<ILoggerFactory>().CreateLogger("events");
        var plan = new NodePlan
        {
            Name = node,
            StateDirectory = state.Path,
            Options = options,
            Loops = loops,
            EventFiles = new EventFiles(Path.Combine(state.Path, "events")),
            Recorded = entry => EventLogLines.Write(events, entry),
            Repositories = new RepositoriesPlan(node, new Git(GitLimits.Default), FleetReloader.Settings(options, state.Path)),
            Runners = new RunnersPlan(
                node,
                new Shims(ShimPaths.Find(AppContext.BaseDirectory), new Cgroups(node, state.Path), new ProcessWatch()),
                new RunFiles(state.Path),
                new ProcFs(),
                Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal),
                options.Node.MaxStarts),
            // Asked for late: the reloader is made of the actor system that this is the plan of.
            Wanted = () => services.GetRequiredService<FleetReloader>().Wanted,
        };
        if (options.Persistence.Provider == PersistenceProvider.Sqlite)
        {
            StateDirectory.PrepareSqlite(plan.JournalConnection);
            StateDirectory.PrepareSqlite(plan.SnapshotConnection);
        }

        return plan;
    }

    private void Stop(PosixSignalContext context, string signal)
    {
        context.Cancel = true;
        _stop.TrySetResult(signal);
    }

    private static async Task ReloadAsync(FleetReloader reloader, ILogger logger)
    {
        try
        {
            if (await reloader.ReloadAsync("SIGHUP", CancellationToken.None) is ReloadOutcome.Refused refused)
                foreach (var error in refused.Errors) logger.LogError("Configuration refused, the last good one stays: {Error}", error);
        }
        catch (Exception e) when (e is AskTimeoutException or IOException)
        {
            logger.LogError(e, "The reload could not be applied; it is safe to ask for it again");
        }
    }

    /// <summary>Every agent of this node is stopped in its own time, and no longer.</summary>
    private async Task StopAgentsAsync(IServiceProvider services, LoadedFleet current, ILogger logger)
    {
        var actor = await services.GetRequiredService<IRequiredActor<FleetActorKey>>().GetAsync();
        var client = services.GetRequiredService<IFleetClient>();
        var patience = current.Agents.Select(a => a.Options.Stop.Grace + a.Options.Stop.Kill).DefaultIfEmpty().Max() + TimeSpan.FromSeconds(5);
        await actor.Ask<FleetProtocol.DrainBegun>(new FleetProtocol.DrainNode(node, "the daemon ends"), TimeSpan.FromSeconds(5));
        var watch = Stopwatch.StartNew();
        var mine = new HashSet<string>();
        while (watch.Elapsed < patience)
        {
            var here = (await client.GetAgentsAsync(CancellationToken.None)).Where(a => a.Node == node).ToList();
            mine.UnionWith(here.Where(a => a.Run > 0).Select(a => a.Id.Value));
            if (!here.Exists(a => a.Pid is not null || a.State == AgentPhase.Starting))
            {
                var repositories = await services.GetRequiredService<IRequiredActor<RepositoriesActor>>().GetAsync();
                await LastPush.PushAsync(repositories, current.Agents.Select(a => a.Options).Where(a => mine.Contains(a.Id)), logger);
                return;
            }

            await Task.Delay(50);
        }

        logger.LogWarning("Some agents of node {Node} did not stop in {Patience}; their shims go on with it", node, patience);
    }

    /// <summary>The signals are ours; the host's own handling would end the process first.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
