using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Supervisor.Actors.Common;
using Supervisor.Actors.Fleet;
using Supervisor.Actors.Outside;
using Supervisor.Actors.Repositories;
using Supervisor.Messages;
using static Supervisor.Messages.Agents.AgentProtocol;

namespace Supervisor.Actors.Agents;

/// <summary>What the runners of a node are made of; the actors they talk to are found in the registry.</summary>
public sealed record RunnersPlan(string Node, IShims Shims, IRunFiles Files, IProcessTable Processes, IReadOnlyDictionary<string, string> Environment, int MaxStarts);

public static class AgentHosting
{
    private const string TypeName = "agent";

    /// <summary>The agents' records, sharded over the cluster.</summary>
    public static AkkaConfigurationBuilder WithAgents(this AkkaConfigurationBuilder builder) => builder
        .WithShardRegion<AgentRegionKey>(
            TypeName,
            (system, registry, _) =>
            {
                var topic = new PubSubTopic(system);
                var runners = new RunnerDirectory(system);
                return id =>
                {
                    // Asked for late: the fleet, in turn, is given this region.
                    var fleet = registry.Get<FleetActorKey>();
                    return Props.Create(() => new AgentActor(new AgentId(id), topic, runners, fleet, Random.Shared));
                };
            },
            new AgentMessages(),
            new ShardOptions { StateStoreMode = StateStoreMode.DData, RememberEntities = false });

    /// <summary>This node's runners, where it may own workspaces.</summary>
    public static AkkaConfigurationBuilder WithRunners(this AkkaConfigurationBuilder builder, RunnersPlan plan, bool owns) => !owns ? builder : builder
        .WithActors((system, registry) =>
        {
            var services = new RunnerServices(
                plan.Node, plan.Shims, plan.Files, plan.Processes, plan.Environment,
                registry.Get<RepositoriesActor>(), registry.Get<AgentRegionKey>());
            var fleet = registry.Get<FleetActorKey>();
            registry.Register<RunnersActor>(system.ActorOf(Props.Create(() => new RunnersActor(services, fleet, plan.MaxStarts)), RunnerDirectory.ActorName));
        });

    private sealed class AgentMessages() : HashCodeMessageExtractor(maxNumberOfShards: 50)
    {
        public override string? EntityId(object message) => (message as IWithAgentId)?.AgentId.Value;
    }
}

/// <summary>Reaches the runners of any node of the cluster: by the node's name among the members' roles.</summary>
public sealed class RunnerDirectory(ActorSystem system) : IRunnerDirectory
{
    public const string ActorName = "runners";

    public bool Tell(string node, object message, IActorRef sender)
    {
        if (Find(node) is not { } member) return false;
        system.ActorSelection(new RootActorPath(member.Address) / "user" / ActorName).Tell(message, sender);
        return true;
    }

    private Member? Find(string node)
    {
        var role = NodeRoles.Of(node);
        var cluster = Cluster.Get(system);
        return cluster.SelfMember.HasRole(role)
            ? cluster.SelfMember
            : cluster.State.Members.FirstOrDefault(m => m.Status == MemberStatus.Up && m.HasRole(role));
    }
}
