using Akka.Actor;
using Akka.Cluster;

namespace Supervisor.Host.Endpoints;

public sealed record MemberView(string Node, string NodeUid, string Status, IReadOnlyList<string> Roles);

/// <summary>The cluster as this node sees it.</summary>
public sealed record ClusterView(string Self, string SelfStatus, int Members, int Unreachable);

public interface IClusterView
{
    ClusterView Current { get; }
}

public sealed class AkkaClusterView(ActorSystem system) : IClusterView
{
    public ClusterView Current
    {
        get
        {
            var cluster = Cluster.Get(system);
            return new ClusterView(cluster.SelfAddress.ToString(), cluster.SelfMember.Status.ToString(), cluster.State.Members.Count, cluster.State.Unreachable.Count);
        }
    }
}
