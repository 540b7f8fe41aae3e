using Akka.Actor;
using Akka.Hosting;
using Supervisor.Actors.Common;
using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Events;

public static class EventHosting
{
    /// <summary>This node's event log, fed from the cluster's topic.</summary>
    public static AkkaConfigurationBuilder WithEventLog(this AkkaConfigurationBuilder builder, string node, IEventFiles files, Action<EventEntry> recorded) =>
        builder.WithActors((system, registry) =>
        {
            var topic = new PubSubTopic(system);
            registry.Register<EventLogActor>(system.ActorOf(
                Props.Create(() => new EventLogActor(node, files, topic.Subscribe, recorded)), "event-log"));
        });
}
