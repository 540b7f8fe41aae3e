using Akka.Actor;
using Akka.Cluster;

namespace Supervisor.Host.Endpoints;

public sealed record UnreachableView(string Node, IReadOnlyList<string> ObservedBy);

/// <summary>The members document of Akka Management. Leader and oldest are absent when there is none.</summary>
public sealed record MembersDocument(
    string SelfNode, IReadOnlyList<MemberView> Members, IReadOnlyList<UnreachableView> Unreachable,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] string? Leader,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] string? Oldest,
    IReadOnlyDictionary<string, string> OldestPerRole);

public sealed record SeedNode(string Node, int NodeUid, string Status, IReadOnlyList<string> Roles);
public sealed record SeedNodesDocument(string SelfNode, IReadOnlyList<SeedNode> SeedNodes);
public sealed record ClusterMessage(string Message);

/// <summary>Akka Management's cluster routes.</summary>
public static class ClusterEndpoints
{
    private const int MaxSeedNodes = 5;

    public static void MapCluster(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/cluster/members", (ActorSystem system) => Answers.Document(Document(Cluster.Get(system))));
        routes.MapPost("/cluster/members", JoinAsync);
        routes.MapGet("/cluster/members/{**address}", (string address, ActorSystem system) =>
            Find(system, address) is { } member ? Answers.Document(View(member)) : NoMember(address));
        routes.MapDelete("/cluster/members/{**address}", (string address, ActorSystem system) => Leave(system, address));
        routes.MapPut("/cluster/members/{**address}", ChangeAsync);
        routes.MapPut("/cluster", () => Unsupported());
        routes.MapGet("/bootstrap/seed-nodes", (ActorSystem system) => Answers.Document(SeedNodes(Cluster.Get(system))));
    }

    private static MembersDocument Document(Cluster cluster)
    {
        var state = cluster.State;
        var up = state.Members.Where(m => m.Status == MemberStatus.Up).ToList();
        return new MembersDocument(
            cluster.SelfAddress.ToString(),
            [.. state.Members.Select(View)],

            // Akka.NET keeps to itself who cannot reach whom.
            [.. state.Unreachable.Select(m => new UnreachableView(m.Address.ToString(), []))],
            state.Leader?.ToString(),
            Oldest(up),
            up.SelectMany(m => m.Roles).Distinct().Order(StringComparer.Ordinal).ToDictionary(r => r, r => Oldest(up.Where(m => m.HasRole(r)))!));
    }

    private static string? Oldest(IEnumerable<Member> members) => members.Order(Member.AgeOrdering).FirstOrDefault()?.Address.ToString();

    private static MemberView View(Member member) =>
        new(member.Address.ToString(), $"{member.UniqueAddress.Uid}", member.Status.ToString(), [.. member.Roles.Order(StringComparer.Ordinal)]);

    private static SeedNodesDocument SeedNodes(Cluster cluster) => new(
        cluster.SelfAddress.ToString(),
        [
            .. cluster.State.Members.Except(cluster.State.Unreachable)
                .Where(m => m.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Joining)
                .Take(MaxSeedNodes)
                .Select(m => new SeedNode(m.Address.ToString(), m.UniqueAddress.Uid, m.Status.ToString(), [.. m.Roles.Order(StringComparer.Ordinal)])),
        ]);

    private static async Task<IResult> JoinAsync(HttpContext http, ActorSystem system)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        if (!TryParse(form["address"].ToString(), out var address))
        {
            return Message("Operation not supported", StatusCodes.Status400BadRequest);
        }

        Cluster.Get(system).Join(address);
        return Message($"Joining {address}");
    }

    private static async Task<IResult> ChangeAsync(string address, HttpContext http, ActorSystem system)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        switch (form["operation"].ToString().ToLowerInvariant())
        {
            case "leave":
                return Leave(system, address);
            case "down" when Find(system, address) is { } member:
                Cluster.Get(system).Down(member.Address);
                return Message($"Downing {member.Address}");
            case "down":
                return NoMember(address);
            default:
                return Find(system, address) is null ? NoMember(address) : Unsupported();
        }
    }

    private static IResult Leave(ActorSystem system, string address)
    {
        if (Find(system, address) is not { } member)
        {
            return NoMember(address);
        }

        Cluster.Get(system).Leave(member.Address);
        return Message($"Leaving {member.Address}");
    }

    /// <summary><c>akka.tcp://S@h:p</c> or <c>S@h:p</c>; the colons and slashes may be percent-encoded.</summary>
    private static Member? Find(ActorSystem system, string address)
    {
        var wanted = Uri.UnescapeDataString(address).TrimEnd('/');
        return Cluster.Get(system).State.Members.FirstOrDefault(m => m.Address.ToString() == wanted || m.Address.HostPort() == wanted);
    }

    private static bool TryParse(string text, out Address address)
    {
        try
        {
            address = Address.Parse(text.Contains("://", StringComparison.Ordinal) ? text : $"akka.tcp://{text}");
            return address.HasGlobalScope;
        }
        catch (Exception e) when (e is UriFormatException or ArgumentException)
        {
            address = Address.AllSystems;
            return false;
        }
    }

    private static IResult NoMember(string address) => Message($"Member [{Uri.UnescapeDataString(address)}] not found", StatusCodes.Status404NotFound);

    private static IResult Unsupported() => Message("Operation not supported", StatusCodes.Status400BadRequest);

    private static IResult Message(string text, int status = StatusCodes.Status200OK) => Answers.Document(new ClusterMessage(text), status);
}
