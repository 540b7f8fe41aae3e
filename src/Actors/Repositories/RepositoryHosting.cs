using Akka.Actor;
using Akka.Hosting;
using Supervisor.Actors.Common;
using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Repositories;

public sealed record RepositoriesPlan(string Node, IGit Git, IReadOnlyList<RepositorySettings> Repositories);

public static class RepositoryHosting
{
    /// <summary>The repositories of this node.</summary>
    public static AkkaConfigurationBuilder WithRepositories(this AkkaConfigurationBuilder builder, RepositoriesPlan plan) => builder
        .WithActors((system, registry) =>
        {
            var topic = new PubSubTopic(system);
            registry.Register<RepositoriesActor>(system.ActorOf(
                Props.Create(() => new RepositoriesActor(plan.Node, plan.Git, topic, plan.Repositories)), "repositories"));
        });
}
