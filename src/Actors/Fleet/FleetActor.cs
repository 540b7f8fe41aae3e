using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Supervisor.Actors.Agents.Kinds;
using Supervisor.Actors.Common;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Repositories;
using Supervisor.Messages.Watchdog;
using static Supervisor.Messages.Fleet.FleetProtocol;

namespace Supervisor.Actors.Fleet;

/// <summary>
/// Singleton: tells every agent's record what the configuration wants of it, and knows every agent's present condition.
/// It stores nothing: the configuration and the records hold it all. Where it comes to live it begins with that node's configuration.
/// </summary>
public sealed class FleetActor : ReceiveActor, IWithTimers
{
    private sealed record TellAgain;

    /// <summary>Slow, and harmless when nothing was lost.</summary>
    private static readonly TimeSpan TellAgainEvery = TimeSpan.FromMinutes(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IActorRef _agents;
    private readonly IActorRef _watchdog;
    private readonly Action<IActorRef> _subscribe;
    private readonly LoopMonitor _loops;
    private readonly Func<ApplyFleet> _wanted;
    private readonly Dictionary<AgentId, (string Hash, Wish Wish)> _told = [];
    private readonly HashSet<AgentId> _leftovers = [];
    private FleetState _state = new();
    private bool _applied;

    public FleetActor(IActorRef agents, IActorRef watchdog, Action<IActorRef> subscribe, LoopMonitor loops, Func<ApplyFleet> wanted)
    {
        (_agents, _watchdog, _subscribe, _loops, _wanted) = (agents, watchdog, subscribe, loops, wanted);

        Receive<ApplyFleet>(Handle);
        Receive<AskConfiguration>(Handle);
        Receive<DrainNode>(m =>
        {
            _log.Info("Node {Node} is drained: {Reason}", m.Node, m.Reason);
            Change(_state with { Draining = _state.Draining.SetItem(m.Node, m.Reason) });
            Sender.Tell(new DrainBegun(m.Node));
        });
        Receive<ReportDirectories>(Handle);
        Receive<GetAgents>(_ => Sender.Tell(new Messages.Fleet.FleetProtocol.Agents([.. _state.Specs.Select(Present)])));
        Receive<AgentProtocol.Announced>(Handle);
        Receive<RepositoryProtocol.WorkCounted>(m => _agents.Tell(new AgentProtocol.CountWork(m.AgentId, m.Unpushed)));
        Receive<ClusterEvent.MemberUp>(m => Change(_state with { Nodes = Add(_state.Nodes, m.Member) }));
        Receive<ClusterEvent.MemberRemoved>(m => Change(_state.Leave(NodeRoles.NameOf(m.Member))));
        Receive<ClusterEvent.CurrentClusterState>(m =>
        {
            Change(_state with { Nodes = m.Members.Where(x => x.Status == MemberStatus.Up).Aggregate(_state.Nodes, Add) });
            // Not before the nodes are known: until then no agent has a place.
            if (!_applied) Self.Tell(_wanted());
        });
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        Receive<TellAgain>(_ =>
        {
            _loops.Beat(nameof(FleetActor), Context.System.Scheduler.Now);
            _told.Clear();
            Tell(_state.Specs);
        });
        ReceiveAny(_ => { }); // the topic carries more than announcements
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _subscribe(Self);
        Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer(nameof(TellAgain), new TellAgain(), TellAgainEvery);
        _loops.Register(nameof(FleetActor), TellAgainEvery, Context.System.Scheduler.Now);
    }

    protected override void PostStop()
    {
        Cluster.Get(Context.System).Unsubscribe(Self);
        _loops.Unregister(nameof(FleetActor));
    }

    private void Handle(ApplyFleet m)
    {
        var before = _state.Specs.ToDictionary(s => s.Options.Id);
        var after = m.Agents.ToDictionary(s => s.Options.Id);
        var added = after.Keys.Except(before.Keys).ToList();
        var removed = before.Keys.Except(after.Keys).ToList();
        var changed = after.Where(a => before.TryGetValue(a.Key, out var b) && b.Hash != a.Value.Hash).Select(a => a.Key).ToList();

        _applied = true;
        foreach (var id in removed.Select(r => new AgentId(r)))
        {
            _told.Remove(id);
            _agents.Tell(new AgentProtocol.Remove(id));
        }

        _log.Info("Fleet of {Count} agents applied from {Node}: {Added} added, {Removed} removed, {Changed} changed", after.Count, m.FromNode, added.Count, removed.Count, changed.Count);
        Change(_state with { Specs = [.. m.Agents], Dependents = FleetState.DependentsOf(m.Agents), Phase = m.Phase, Statuses = _state.Statuses.RemoveRange(removed.Select(r => new AgentId(r))) });
        _watchdog.Tell(new WatchdogProtocol.WatchFleet([.. m.Agents.Select(Watched)]));
        Clear();
        Sender.Tell(new FleetApplied(added, removed, changed, after.Count - added.Count - changed.Count));
    }

    private void Handle(AskConfiguration m)
    {
        if (!_applied) return; // told with the rest
        if (_state.Specs.All(s => s.Options.Id != m.AgentId.Value)) Sender.Tell(new AgentProtocol.NotFound(m.AgentId));
        else _told.Remove(m.AgentId);
        Tell(_state.Specs.Where(s => s.Options.Id == m.AgentId.Value));
    }

    /// <summary>A node has come, perhaps back, and has runs that did not end: their records are told again, so that they look there.</summary>
    private void Handle(ReportDirectories m)
    {
        _leftovers.UnionWith(m.Agents);
        Clear();
        foreach (var agent in m.Agents) _told.Remove(agent);
        Tell(_state.Specs.Where(s => m.Agents.Contains(new AgentId(s.Options.Id))));
    }

    /// <summary>Announcements are many; only those that wait for this agent can want something else because of one.</summary>
    private void Handle(AgentProtocol.Announced m)
    {
        var before = _state.Statuses.GetValueOrDefault(m.AgentId);
        _state = _state.Announce(m.Agent);
        if (before?.State == m.Agent.State && before.Node == m.Agent.Node) return;
        var affected = _state.Dependents[m.AgentId.Value].ToList();
        _state = _state.Release(affected);
        if (!_state.Draining.IsEmpty) affected.AddRange(_state.Specs.Where(s => s.Options.Id == m.AgentId.Value));
        Tell(affected);
    }

    /// <summary>Runs of agents that nobody describes any more are ended.</summary>
    private void Clear()
    {
        if (!_applied) return;
        _leftovers.ExceptWith(_state.Specs.Select(s => new AgentId(s.Options.Id)));
        foreach (var id in _leftovers) _agents.Tell(new AgentProtocol.Remove(id));
        _leftovers.Clear();
    }

    private void Change(FleetState state)
    {
        _state = state.Release(state.Specs);
        Tell(_state.Specs);
    }

    private void Tell(IEnumerable<AgentSpec> specs)
    {
        // Before the cluster has told who is in it, "no node fits" would be said of every agent.
        if (!_applied || _state.Nodes.IsEmpty) return;
        foreach (var spec in specs)
        {
            var id = new AgentId(spec.Options.Id);
            var wish = _state.Want(spec);
            if (_told.TryGetValue(id, out var told) && told.Hash == spec.Hash && told.Wish == wish) continue;
            _told[id] = (spec.Hash, wish);
            _state = _state.Told(id, wish);
            _agents.Tell(new AgentProtocol.Configure(id, spec, wish.Hold, wish.Text, wish.Node));
            if (wish.StopNow) _agents.Tell(new AgentProtocol.Stop(id, wish.Text));
        }
    }

    private AgentStatus Present(AgentSpec spec)
    {
        var id = new AgentId(spec.Options.Id);
        return _state.Statuses.TryGetValue(id, out var status)
            ? status with { Name = spec.Options.Name, Kind = spec.Options.Kind!.Value }
            : new AgentStatus { Id = id, Name = spec.Options.Name, Kind = spec.Options.Kind!.Value, State = AgentPhase.Pending, Reason = "has not answered yet", Run = 0, Epoch = 1 };
    }

    /// <summary>What can be asked of its kind: a plain command owes nobody a first word, and cannot be nudged.</summary>
    private static WatchedAgent Watched(AgentSpec spec)
    {
        var liveness = spec.Options.Liveness;
        var kind = AgentKinds.For(spec.Options.Kind!.Value);
        return new WatchedAgent(new AgentId(spec.Options.Id), liveness with
        {
            StartWithin = kind.Kind == AgentKind.Command ? liveness.StallAfter : liveness.StartWithin,
            OnStall = kind.Message("") is null ? [.. liveness.OnStall.Where(s => s != StallStep.Nudge)] : liveness.OnStall,
        });
    }

    private static ImmutableSortedDictionary<string, FleetNode> Add(ImmutableSortedDictionary<string, FleetNode> nodes, Member member) =>
        NodeRoles.NameOf(member) is { } name ? nodes.SetItem(name, new FleetNode(name, member.Roles)) : nodes;
}
