using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Supervisor.Host.Endpoints;

public sealed record ShardTypesDocument(IReadOnlyList<string> EntityTypeKeys);
public sealed record ShardDetails(string ShardId, int NumEntities);
public sealed record ShardRegionDocument(IReadOnlyList<ShardDetails> Regions, IReadOnlyList<string> Failed);

/// <summary>Akka Management's sharding routes.</summary>
public static class ShardEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void MapShards(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/cluster/shards", (ActorSystem system) =>
            Answers.Document(new ShardTypesDocument([.. ClusterSharding.Get(system).ShardTypeNames.Order(StringComparer.Ordinal)])));
        routes.MapGet("/cluster/shards/{name}", async (string name, ActorSystem system, CancellationToken cancel) =>
        {
            var sharding = ClusterSharding.Get(system);
            if (!sharding.ShardTypeNames.Contains(name))
            {
                return Answers.Document(new ClusterMessage($"Shard Region {name} is not started"), StatusCodes.Status404NotFound);
            }

            try
            {
                var stats = await sharding.ShardRegion(name).Ask<ShardRegionStats>(GetShardRegionStats.Instance, Patience, cancel);
                return Answers.Document(new ShardRegionDocument(
                    [.. stats.Stats.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new ShardDetails(s.Key, s.Value))], [.. stats.Failed]));
            }
            catch (AskTimeoutException e)
            {
                throw new TimeoutException($"the shard region {name} did not answer", e);
            }
        });
    }
}
