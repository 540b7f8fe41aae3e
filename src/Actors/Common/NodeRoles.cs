using Akka.Cluster;

namespace Supervisor.Actors.Common;

/// <summary>A node tells its name to the cluster as one of its roles: an address says where it is, not who.</summary>
public static class NodeRoles
{
    private const string Prefix = "node-";

    public static string Of(string nodeName) => Prefix + nodeName;

    public static string? NameOf(Member member) =>
        member.Roles.FirstOrDefault(r => r.StartsWith(Prefix, StringComparison.Ordinal))?[Prefix.Length..];
}
