using System.Collections.Immutable;
using Supervisor.Actors.Outside;
using Supervisor.Messages;
using static Supervisor.Messages.Repositories.RepositoryProtocol;

namespace Supervisor.Actors.Repositories;

/// <summary>What stands for one agent. <paramref name="History"/> also counts repetitions, which are no events.</summary>
public sealed record AgentWork(WorkPushed? Pushed = null, PushRefused? Refused = null, WorkSaved? Saved = null, PushHistory? History = null);

/// <summary>What a repository has decided and seen, without git and without a clock.</summary>
public sealed record RepositoryState(RepositoryId Id, ImmutableDictionary<AgentId, AgentWork> Agents)
{
    public static RepositoryState New(RepositoryId id) => new(id, ImmutableDictionary<AgentId, AgentWork>.Empty);

    public AgentWork Of(AgentId agent) => Agents.GetValueOrDefault(agent) ?? new AgentWork();

    public PushDecision Decide(AgentId agent, string commit, DateTimeOffset now) => PushPolicy.Decide(Of(agent).History, commit, now);

    /// <summary>The events of one push. A refusal that stands already is not raised again.</summary>
    public IReadOnlyList<IEvent> Decide(AgentId agent, PushReport report, DateTimeOffset now)
    {
        List<IEvent> events = [.. report.Pushed.Select(pushed => new WorkPushed(Id, agent, pushed.Commit, pushed.Ref, pushed.Commits, now))];
        if (report.Refusal is { } refusal && (events.Count > 0 || !Stands(agent, report.Head, refusal)))
        {
            events.Add(new PushRefused(Id, agent, report.Head ?? "", refusal.Class, refusal.Permanent, refusal.Text, now));
        }

        return events;
    }

    public RepositoryState Apply(IEvent e) => e switch
    {
        WorkPushed pushed => With(pushed.AgentId, Of(pushed.AgentId) with { Pushed = pushed, Refused = null, History = null }),
        PushRefused refused => With(refused.AgentId, Of(refused.AgentId) with
        {
            Refused = refused,
            History = new PushHistory(refused.Class, refused.Permanent, refused.Commit, 1, refused.At),
        }),
        WorkSaved saved => With(saved.AgentId, Of(saved.AgentId) with { Saved = saved }),
        _ => this,
    };

    public RepositoryState Apply(Standing standing) =>
        standing.Pushed.Concat<IEvent>(standing.Refused).Concat(standing.Saved).Aggregate(this, (state, e) => state.Apply(e));

    /// <summary>A push ended without an event: the same refusal again, or nothing was left to push.</summary>
    public RepositoryState Tried(AgentId agent, PushReport report, DateTimeOffset now) => (Of(agent).History, report.Refusal) switch
    {
        ({ } history, { }) => With(agent, Of(agent) with { History = history with { Attempts = history.Attempts + 1, Commit = report.Head ?? "", At = now } }),
        (_, null) => With(agent, Of(agent) with { Refused = null, History = null }),
        _ => this,
    };

    /// <summary>An operator has changed something: every refusal may be tried, and raised, anew.</summary>
    public RepositoryState Unparked() =>
        this with { Agents = Agents.ToImmutableDictionary(pair => pair.Key, pair => pair.Value with { Refused = null, History = null }) };

    public Standing ToStanding() => new(
        [.. Agents.Values.Select(work => work.Pushed).OfType<WorkPushed>()],
        [.. Agents.Values.Select(work => work.Refused).OfType<PushRefused>()],
        [.. Agents.Values.Select(work => work.Saved).OfType<WorkSaved>()]);

    private bool Stands(AgentId agent, string? commit, Refusal refusal) =>
        Of(agent).History is { } history && history.Class == refusal.Class && history.Permanent == refusal.Permanent
        && (!refusal.Permanent || history.Commit == commit);

    private RepositoryState With(AgentId agent, AgentWork work) => this with { Agents = Agents.SetItem(agent, work) };
}
