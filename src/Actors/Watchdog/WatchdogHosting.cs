using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Common;

namespace Supervisor.Actors.Watchdog;

/// <summary>Registry key of the way to the watchdog.</summary>
public sealed class WatchdogActorKey;

public static class WatchdogHosting
{
    public static AkkaConfigurationBuilder WithWatchdog(this AkkaConfigurationBuilder builder, WatchdogOptions watchdog, LoopMonitor loops, bool hosts)
    {
        var options = new ClusterSingletonOptions { Role = "control" };
        return hosts
            ? builder.WithSingleton<WatchdogActorKey>("watchdog", (system, registry, _) =>
            {
                var (agents, runners, topic) = (registry.Get<AgentRegionKey>(), new RunnerDirectory(system), new PubSubTopic(system));
                return Props.Create(() => new WatchdogActor(agents, runners, topic, topic.Subscribe, loops, watchdog));
            }, options)
            : builder.WithSingletonProxy<WatchdogActorKey>("watchdog", options);
    }
}
