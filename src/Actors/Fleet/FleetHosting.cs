using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Common;
using Supervisor.Actors.Watchdog;
using Supervisor.Messages.Fleet;

namespace Supervisor.Actors.Fleet;

public static class FleetHosting
{
    /// <summary>The fleet's singleton on the oldest node that may host one, and the way to it on every other.</summary>
    /// <param name="wanted">What this node's configuration wants now; the singleton begins with it wherever it comes to live.</param>
    public static AkkaConfigurationBuilder WithFleet(this AkkaConfigurationBuilder builder, LoopMonitor loops, Func<FleetProtocol.ApplyFleet> wanted, bool hosts)
    {
        var options = new ClusterSingletonOptions { Role = "control", BufferSize = 10_000 };
        return hosts
            ? builder.WithSingleton<FleetActorKey>("fleet", (system, registry, _) =>
            {
                var (agents, watchdog, topic) = (registry.Get<AgentRegionKey>(), registry.Get<WatchdogActorKey>(), new PubSubTopic(system));
                return Props.Create(() => new FleetActor(agents, watchdog, topic.Subscribe, loops, wanted));
            }, options)
            : builder.WithSingletonProxy<FleetActorKey>("fleet", options);
    }
}
