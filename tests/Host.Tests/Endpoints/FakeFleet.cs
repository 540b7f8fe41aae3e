using System.Collections.Concurrent;
using System.Threading.Channels;
using Supervisor.Actors.Events;
using Supervisor.Host.Configuration;
using Supervisor.Host.Endpoints;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Alerts;
using Supervisor.Messages.Events;

namespace Supervisor.Host.Tests.Endpoints;

/// <summary>A fleet in memory that does at once what it is told.</summary>
internal sealed class FakeFleet : IFleetClient, IClusterView, IFleetReloader
{
    private readonly Lock _lock = new();
    private readonly List<EventEntry> _events = [];
    private readonly ConcurrentDictionary<Guid, (EntryFilter Filter, Channel<EventEntry> Live)> _followers = new();

    public ConcurrentDictionary<string, AgentStatus> Agents { get; } = new();
    public ConcurrentQueue<NodeEvent> Published { get; } = new();
    public ConcurrentQueue<AgentProtocol.ICommand> Commands { get; } = new();
    public List<Alert> Alerts { get; } = [];
    public Task<IReadOnlyList<Alert>> GetAlertsAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<Alert>>(Alerts);
    public bool Silent { get; set; }

    /// <summary>Commands are accepted, and what they ask for comes only when the test says so.</summary>
    public bool Slow { get; set; }
    public ReloadOutcome Reload { get; set; } = new ReloadOutcome.Applied(["A9"], [], ["A1"], []);
    public ClusterView Current { get; set; } = new("akka.tcp://supervisor@127.0.0.1:4053", "Up", 1, 0);
    public LoadedFleet Loaded { get; set; } = new(new FleetOptions(), [], "fleet.yaml", [], "");
    LoadedFleet IFleetReloader.Current => Loaded;
    public int Followers => _followers.Count;

    public void Add(string id, AgentPhase state = AgentPhase.Running, long run = 3, string node = "n1") => Agents[id] = new AgentStatus
    {
        Id = new AgentId(id),
        Name = id,
        Kind = AgentKind.Command,
        State = state,
        Reason = "started",
        Run = run,
        Node = node,
        StartedAt = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero),
    };

    public void Move(string id, AgentPhase state, long run)
    {
        Agents[id] = Agents[id] with { State = state, Run = run };
        Happen(new AgentProtocol.HistoryReset(new AgentId(id), "test", DateTimeOffset.UtcNow));
    }

    public void Happen(object e)
    {
        lock (_lock)
        {
            var entry = EventLines.Describe(e, _events.Count + 1, "n1", DateTimeOffset.UtcNow)!;
            _events.Add(entry);
            foreach (var (filter, live) in _followers.Values.Where(f => f.Filter.Matches(entry)))
            {
                live.Writer.TryWrite(entry);
            }
        }
    }

    public void DropFollowers()
    {
        foreach (var (_, live) in _followers.Values)
        {
            live.Writer.TryComplete();
        }
    }

    public Task<IReadOnlyList<AgentStatus>> GetAgentsAsync(CancellationToken cancel) => Silent
        ? throw new TimeoutException("the fleet did not answer within 5 s")
        : Task.FromResult<IReadOnlyList<AgentStatus>>([.. Agents.Values.OrderBy(a => a.Id.Value, StringComparer.Ordinal)]);

    public Task<AgentProtocol.IReply> AskAgentAsync(AgentProtocol.IWithAgentId message, CancellationToken cancel)
    {
        if (!Agents.TryGetValue(message.AgentId.Value, out var agent))
        {
            return Reply(new AgentProtocol.NotFound(message.AgentId));
        }

        if (message is AgentProtocol.ICommand command)
        {
            Commands.Enqueue(command);
        }

        return message switch
        {
            AgentProtocol.GetStatus => Reply(new AgentProtocol.Status(agent.Id, agent)),
            AgentProtocol.GetRuns => Reply(new AgentProtocol.Runs(agent.Id, [new RunStatus(agent.Run, 1, "n1", DateTimeOffset.UnixEpoch, null, 7, null)])),
            AgentProtocol.GetExplanation => Reply(new AgentProtocol.Explanation(agent.Id, new AgentExplanation(agent, [new AgentReason(DateTimeOffset.UnixEpoch, "agent.started", agent.Run, "started", ["pid 7"])]))),
            AgentProtocol.SendText => Reply(new AgentProtocol.Rejected(agent.Id, "kind command takes no messages")),
            _ when Slow => Reply(new AgentProtocol.Accepted(agent.Id, agent)),
            AgentProtocol.Stop => Moved(AgentPhase.Stopped, agent.Run),
            AgentProtocol.Start => Moved(AgentPhase.Running, agent.Run),
            AgentProtocol.Restart => Moved(AgentPhase.Running, agent.Run + 1),
            _ => throw new InvalidOperationException($"no answer for {message}"),
        };

        Task<AgentProtocol.IReply> Moved(AgentPhase state, long run)
        {
            Move(agent.Id.Value, state, run);
            return Reply(new AgentProtocol.Accepted(agent.Id, Agents[agent.Id.Value]));
        }
    }

    public Task<EventLogProtocol.Events> GetEventsAsync(EventLogProtocol.GetEvents query, CancellationToken cancel)
    {
        lock (_lock)
        {
            var items = _events.Where(e => e.Seq > query.After && query.Filter.Matches(e)).Take(query.Limit).ToList();
            var end = items.Count < query.Limit;
            return Task.FromResult(new EventLogProtocol.Events(items, end ? _events.Count : items[^1].Seq, end));
        }
    }

    public Task<EventLogProtocol.Following> FollowAsync(EventLogProtocol.Follow follow, CancellationToken cancel)
    {
        lock (_lock)
        {
            var live = Channel.CreateBounded<EventEntry>(100);
            _followers[follow.Id] = (follow.Filter, live);
            return Task.FromResult(new EventLogProtocol.Following(_events.Count, live.Reader));
        }
    }

    public Task UnfollowAsync(Guid id)
    {
        _followers.TryRemove(id, out _);
        return Task.CompletedTask;
    }

    public Task<EventLogProtocol.Health> GetEventLogHealthAsync(CancellationToken cancel) => Task.FromResult(new EventLogProtocol.Health(_events.Count, 0, 0, null));

    public void Publish(NodeEvent e) => Published.Enqueue(e);

    public Task<ReloadOutcome> ReloadAsync(string by, CancellationToken cancel) => Task.FromResult(Reload);

    public Task<ReloadOutcome> DiffAsync(CancellationToken cancel) => Task.FromResult(Reload);

    private static Task<AgentProtocol.IReply> Reply(AgentProtocol.IReply reply) => Task.FromResult(reply);
}
