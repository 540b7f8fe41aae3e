using System.Text.Json.Serialization;
using Akka.Cluster;

namespace Supervisor.Host.Endpoints;

public sealed record UniqueAddressJson(string Address, long LongUid);
public sealed record MemberJson(string DataCenter, IReadOnlyList<string> Roles, string Status, UniqueAddressJson UniqueAddress);

/// <summary><c>{"type":"MemberUp","member":{"dataCenter":"default","roles":[],"status":"Up","uniqueAddress":{"address":"...","longUid":1}}}</c></summary>
public sealed record ClusterEventJson(
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MemberJson? Member = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PreviousStatus = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Address = null)
{
    /// <summary>Null: none of Akka Management's events.</summary>
    public static ClusterEventJson? Write(ClusterEvent.IClusterDomainEvent e) => e switch
    {
        ClusterEvent.MemberRemoved m => new(nameof(ClusterEvent.MemberRemoved), Of(m.Member), PreviousStatus: m.PreviousStatus.ToString()),
        ClusterEvent.MemberJoined or ClusterEvent.MemberWeaklyUp or ClusterEvent.MemberUp or ClusterEvent.MemberLeft or ClusterEvent.MemberExited or ClusterEvent.MemberDowned =>
            new(e.GetType().Name, Of(((ClusterEvent.IMemberEvent)e).Member)),
        ClusterEvent.ReachabilityEvent r => new(r.GetType().Name, Of(r.Member)),
        ClusterEvent.LeaderChanged l => new(nameof(ClusterEvent.LeaderChanged), Address: l.Leader?.ToString()),
        ClusterEvent.RoleLeaderChanged l => new(nameof(ClusterEvent.RoleLeaderChanged), Role: l.Role, Address: l.Leader?.ToString()),
        ClusterEvent.ClusterShuttingDown => new(nameof(ClusterEvent.ClusterShuttingDown)),
        _ => null,
    };

    /// <summary>No filter wants everything. Unknown names are ignored, so a filter of only unknown ones wants nothing.</summary>
    public static bool Wanted(string type, IReadOnlyCollection<string> filter) => filter.Count == 0
        || filter.Any(f => f == type || f == "ClusterDomainEvent"
            || (f == "MemberEvent" && type.StartsWith("Member", StringComparison.Ordinal))
            || (f == "ReachabilityEvent" && (type is "UnreachableMember" or "ReachableMember")));

    private static MemberJson Of(Member member) =>
        new("default", [.. member.Roles.Order(StringComparer.Ordinal)], member.Status.ToString(), new(member.Address.ToString(), member.UniqueAddress.Uid));
}
