using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Event;
using Akka.Hosting;
using Akka.Persistence;
using Supervisor.Actors.Common;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Alerts;
using static Supervisor.Messages.Alerts.AlertProtocol;

namespace Supervisor.Actors.Alerts;

/// <summary>Singleton: what a person should know now. Each alert is raised once and stays open until its cause is over, across restarts.</summary>
public sealed class AlertActor : ReceivePersistentActor
{
    private const int SnapshotEvery = 100;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IEventTopic _topic;
    private readonly Action<IActorRef> _subscribe;
    private readonly Dictionary<string, DateTimeOffset> _closedAt = [];
    private ImmutableSortedDictionary<string, Alert> _open = ImmutableSortedDictionary.Create<string, Alert>(StringComparer.Ordinal);

    public AlertActor(IEventTopic topic, Action<IActorRef> subscribe)
    {
        (_topic, _subscribe) = (topic, subscribe);
        Recover<SnapshotOffer>(offer => _open = ((OpenAlerts)offer.Snapshot).Items.ToImmutableSortedDictionary(a => a.Key, a => a, StringComparer.Ordinal));
        Recover<IEvent>(Apply);

        Command<GetAlerts>(_ => Sender.Tell(Present()));
        Command<SaveSnapshotSuccess>(s =>
        {
            DeleteMessages(s.Metadata.SequenceNr);
            DeleteSnapshots(new SnapshotSelectionCriteria(s.Metadata.SequenceNr - 1));
        });
        Command<SaveSnapshotFailure>(f => _log.Warning("Alerts: snapshot not saved: {Reason}", f.Cause.Message));
        Command<DeleteMessagesFailure>(f => _log.Warning("Alerts: old events not deleted: {Reason}", f.Cause.Message));
        Command<DeleteSnapshotsFailure>(f => _log.Warning("Alerts: old snapshots not deleted: {Reason}", f.Cause.Message));
        CommandAny(Handle);
    }

    public override string PersistenceId => "alerts";

    protected override void PreStart() => _subscribe(Self);

    private void Handle(object happened)
    {
        var now = Context.System.Scheduler.Now;
        if (AlertRules.Closed(happened) is { } closed)
            Persist(_open.Values.Where(a => AlertRules.Ends(closed, a.Key)).Select(a => new AlertClosed(a.Key, a.AgentId, happened.GetType().Name, now)));
        // A record says again what it replays: what was closed since stays closed.
        var at = happened is AgentProtocol.IEvent e ? e.At : now;
        if (AlertRules.Raised(happened) is { } raise && !_open.ContainsKey(raise.Key) && !(_closedAt.TryGetValue(raise.Key, out var over) && at <= over))
            Persist([new AlertRaised(raise.Key, raise.AgentId, raise.Level, raise.Text, raise.Evidence, now)]);
    }

    private void Persist(IEnumerable<IEvent> events) => PersistAll(events.ToList(), e =>
    {
        Apply(e);
        _topic.Publish(e);
        if (LastSequenceNr % SnapshotEvery == 0) SaveSnapshot(Present());
    });

    private void Apply(IEvent @event)
    {
        if (@event is AlertClosed closed) _closedAt[closed.Key] = closed.At;
        _open = @event switch
        {
            AlertRaised e => _open.SetItem(e.Key, new Alert(e.Key, e.AgentId, e.Level, e.Text, e.At)),
            AlertClosed e => _open.Remove(e.Key),
            _ => _open,
        };
    }

    private OpenAlerts Present() => new([.. _open.Values]);
}

/// <summary>Registry key of the way to the alerts.</summary>
public sealed class AlertActorKey;

public static class AlertHosting
{
    public static AkkaConfigurationBuilder WithAlerts(this AkkaConfigurationBuilder builder, bool hosts)
    {
        var options = new ClusterSingletonOptions { Role = "control" };
        return hosts
            ? builder.WithSingleton<AlertActorKey>("alerts", (system, _, _) =>
            {
                var topic = new PubSubTopic(system);
                return Props.Create(() => new AlertActor(topic, topic.Subscribe));
            }, options)
            : builder.WithSingletonProxy<AlertActorKey>("alerts", options);
    }
}
