using Akka.Actor;
using Akka.Hosting;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Alerts;
using Supervisor.Actors.Common;
using Supervisor.Actors.Events;
using Supervisor.Actors.Fleet;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Alerts;
using Supervisor.Messages.Events;
using Supervisor.Messages.Fleet;

namespace Supervisor.Host.Endpoints;

/// <summary>How the endpoints reach the actors. The only place that asks and waits; a <see cref="TimeoutException"/> becomes 504.</summary>
public interface IFleetClient
{
    Task<IReadOnlyList<AgentStatus>> GetAgentsAsync(CancellationToken cancel);
    Task<AgentProtocol.IReply> AskAgentAsync(AgentProtocol.IWithAgentId message, CancellationToken cancel);
    Task<EventLogProtocol.Events> GetEventsAsync(EventLogProtocol.GetEvents query, CancellationToken cancel);
    Task<EventLogProtocol.Following> FollowAsync(EventLogProtocol.Follow follow, CancellationToken cancel);
    Task UnfollowAsync(Guid id);
    Task<EventLogProtocol.Health> GetEventLogHealthAsync(CancellationToken cancel);
    Task<IReadOnlyList<Alert>> GetAlertsAsync(CancellationToken cancel);
    void Publish(NodeEvent e);
}

public sealed class FleetClient(
    IRequiredActor<FleetActorKey> fleet, IRequiredActor<AgentRegionKey> agents, IRequiredActor<EventLogActor> events,
    IRequiredActor<AlertActorKey> alerts, IEventTopic topic) : IFleetClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<AgentStatus>> GetAgentsAsync(CancellationToken cancel) =>
        (await AskAsync<FleetProtocol.Agents, FleetActorKey>(fleet, new FleetProtocol.GetAgents(), cancel)).Items;

    public Task<AgentProtocol.IReply> AskAgentAsync(AgentProtocol.IWithAgentId message, CancellationToken cancel) =>
        AskAsync<AgentProtocol.IReply, AgentRegionKey>(agents, message, cancel);

    public async Task<EventLogProtocol.Events> GetEventsAsync(EventLogProtocol.GetEvents query, CancellationToken cancel) =>
        await AskAsync<EventLogProtocol.IReply, EventLogActor>(events, query, cancel) switch
        {
            EventLogProtocol.Events page => page,
            EventLogProtocol.EventsFailed failed => throw new IOException($"the event log cannot be read: {failed.Reason}"),
            var other => throw new InvalidOperationException($"the event log answered {other.GetType()}"),
        };

    public Task<EventLogProtocol.Following> FollowAsync(EventLogProtocol.Follow follow, CancellationToken cancel) =>
        AskAsync<EventLogProtocol.Following, EventLogActor>(events, follow, cancel);

    public Task UnfollowAsync(Guid id) => AskAsync<EventLogProtocol.Unfollowed, EventLogActor>(events, new EventLogProtocol.Unfollow(id), CancellationToken.None);

    public Task<EventLogProtocol.Health> GetEventLogHealthAsync(CancellationToken cancel) =>
        AskAsync<EventLogProtocol.Health, EventLogActor>(events, new EventLogProtocol.GetHealth(), cancel);

    public async Task<IReadOnlyList<Alert>> GetAlertsAsync(CancellationToken cancel) =>
        (await AskAsync<AlertProtocol.OpenAlerts, AlertActorKey>(alerts, new AlertProtocol.GetAlerts(), cancel)).Items;

    public void Publish(NodeEvent e) => topic.Publish(e);

    private static async Task<TReply> AskAsync<TReply, TKey>(IRequiredActor<TKey> required, object message, CancellationToken cancel)
    {
        var actor = await required.GetAsync(cancel).WaitAsync(Patience, cancel);
        try
        {
            return await actor.Ask<TReply>(message, Patience, cancel);
        }
        catch (AskTimeoutException e)
        {
            throw new TimeoutException($"{actor.Path.Name} did not answer within {Patience.TotalSeconds:0} s", e);
        }
    }
}
