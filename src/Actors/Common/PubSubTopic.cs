using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;

namespace Supervisor.Actors.Common;

/// <summary>The cluster's one topic of events, over distributed publish-subscribe.</summary>
public sealed class PubSubTopic(ActorSystem system) : IEventTopic
{
    public const string Name = "events";

    private readonly IActorRef _mediator = DistributedPubSub.Get(system).Mediator;

    // The mediator is the sender so that a subscriber elsewhere can tell which node the news came from.
    public void Publish(object evt) => _mediator.Tell(new Publish(Name, evt), _mediator);

    /// <summary>The subscriber is told <see cref="SubscribeAck"/> once it will miss nothing.</summary>
    public void Subscribe(IActorRef subscriber) => _mediator.Tell(new Subscribe(Name, subscriber), subscriber);
}
