using System.Text.Json;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster;
using Supervisor.Actors.Serialization;

namespace Supervisor.Host.Endpoints;

/// <summary><c>/cluster/domain-events</c>: the cluster's own events, the present state first.</summary>
public static class ClusterEventEndpoints
{
    private const int Buffer = 128;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    public static void MapClusterEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/cluster/domain-events", async (HttpContext http, ActorSystem system) =>
        {
            var types = http.Request.Query["type"].OfType<string>().ToList();
            var events = Channel.CreateBounded<ClusterEvent.IClusterDomainEvent>(Buffer);
            var listener = system.ActorOf(Props.Create(() => new Listener(events.Writer)));
            try
            {
                await Sse.BeginAsync(http);
                await WriteAsync(http, events.Reader, types);
            }
            finally
            {
                system.Stop(listener);
            }
        });

    private static async Task WriteAsync(HttpContext http, ChannelReader<ClusterEvent.IClusterDomainEvent> events, List<string> types)
    {
        var cancel = http.RequestAborted;
        while (true)
        {
            var more = events.WaitToReadAsync(cancel).AsTask();
            while (await Task.WhenAny(more, Task.Delay(Heartbeat, cancel)) != more)
            {
                cancel.ThrowIfCancellationRequested();
                await Sse.EventAsync(http, id: null, type: null, data: "");
            }

            if (!await more)
            {
                return;
            }

            while (events.TryRead(out var e))
            {
                if (ClusterEventJson.Write(e) is { } json && ClusterEventJson.Wanted(json.Type, types))
                {
                    await Sse.EventAsync(http, id: null, json.Type, JsonSerializer.Serialize(json, WireJson.Public));
                }
            }
        }
    }

    private sealed class Listener : ReceiveActor
    {
        private readonly ChannelWriter<ClusterEvent.IClusterDomainEvent> _events;

        public Listener(ChannelWriter<ClusterEvent.IClusterDomainEvent> events)
        {
            _events = events;
            Receive<ClusterEvent.IClusterDomainEvent>(e =>
            {
                if (!_events.TryWrite(e))
                {
                    Context.Stop(Self);
                }
            });
        }

        protected override void PreStart() =>
            Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IClusterDomainEvent));

        protected override void PostStop()
        {
            Cluster.Get(Context.System).Unsubscribe(Self);
            _events.TryComplete();
        }
    }
}
