using Akka.Actor;

namespace Supervisor.Actors.Agents;

/// <summary>Finds the runners of a node by the node's name.</summary>
public interface IRunnerDirectory
{
    /// <summary>False when no such node is up: the message went nowhere.</summary>
    bool Tell(string node, object message, IActorRef sender);
}
