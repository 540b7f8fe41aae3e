using Supervisor.Actors.Common;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Watchdog;
using static Supervisor.Messages.Agents.AgentProtocol;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Agents;

using Answer = Decision<IEvent>;

/// <summary>What an agent's record decides. Pure: the state, the message, the time, and one random number for the jitter.</summary>
public static class AgentDecisions
{
    private const string FailedToStart = "failed to start";

    private static readonly Answer Nothing = new Answer.Accept([]);

    private static Answer.Accept Accept(params IReadOnlyList<IEvent> events) => new(events);

    private static Answer.Reject Reject(string reason) => new(reason);

    /// <summary>The fleet has said what it wants; <paramref name="state"/> already carries the new spec and place.</summary>
    public static Answer Decide(this AgentState state, Configure c, DateTimeOffset now)
    {
        var held = new AgentHeld(c.AgentId, c.Hold, c.HoldText, now);
        return state switch
        {
            _ when c.Hold == Hold.None => state.Let(now),
            { HasProcess: true, Phase: AgentPhase.Stopping or AgentPhase.Stuck or AgentPhase.Suspect } => state.Hold == c.Hold ? Nothing : Accept(held),
            // A dependency that is not up yet holds back a start; it never ends a run.
            { HasProcess: true } when c.Hold is Hold.After or Hold.Place => Nothing,
            { HasProcess: true } => Accept(held, new StopDecided(c.AgentId, state.Run, AfterStop.Hold, "fleet", c.HoldText, [], now)),
            _ when state.Hold == c.Hold && (state.IsAtRest || state.IsPlanned || state.Reason == c.HoldText) => Nothing,
            _ => Accept(held),
        };
    }

    /// <summary>Nothing holds it, or nothing does any more.</summary>
    private static Answer Let(this AgentState state, DateTimeOffset now) => state switch
    {
        { Phase: AgentPhase.Pending or AgentPhase.Disabled } => state.Begin(state.Run == 0 ? "first start" : "no longer held", now),
        { Hold: not Hold.None } => Accept(new AgentReleased(state.Id, now)),
        _ => Nothing,
    };

    public static Answer Decide(this AgentState state, Start c, DateTimeOffset now) => state switch
    {
        { Spec: null } => Reject("not configured yet; try again"),
        { Hold: Hold.Disabled } => Reject("disabled in the configuration; set `enabled: true` and reload"),
        { Hold: Hold.Removed } => Reject("no longer configured"),
        { Phase: AgentPhase.Stuck } => Reject("its last process could not be killed; a second copy is never started"),
        { Phase: AgentPhase.Suspect } => Reject($"its last run may still be alive on {state.Node}"),
        { Phase: AgentPhase.Stopping, Stopping.Then: not AfterStop.Restart } => Accept(
            new HistoryReset(c.AgentId, c.By, now),
            new StopDecided(c.AgentId, state.Run, AfterStop.Restart, c.By, "start asked for while stopping", [], now)),
        { HasProcess: true } => Nothing,
        { Hold: not Hold.None } => state.IsAtRest || state.IsPlanned
            ? Accept(new HistoryReset(c.AgentId, c.By, now), state.Waits(now))
            : Nothing,
        _ => Prepend(new HistoryReset(c.AgentId, c.By, now), state.Begin($"started by {c.By}", now)),
    };

    public static Answer Decide(this AgentState state, Stop c, DateTimeOffset now) => state switch
    {
        { Phase: AgentPhase.Stuck } => Reject("its process ignores SIGKILL; nothing more can be done from here"),
        { Phase: AgentPhase.Suspect } => Reject($"its last run may still be alive on {state.Node}"),
        { Phase: AgentPhase.Stopping, Stopping.Then: AfterStop.Stay } or { Phase: AgentPhase.Stopped or AgentPhase.Disabled } => Nothing,
        { HasProcess: true } => Accept(new StopDecided(c.AgentId, state.Run, AfterStop.Stay, c.By, $"stopped by {c.By}", [], now)),
        _ => Accept(new AgentStopped(c.AgentId, c.By, $"stopped by {c.By}", now)),
    };

    public static Answer Decide(this AgentState state, Restart c, DateTimeOffset now) => state switch
    {
        { Phase: AgentPhase.Stopping, Stopping.Then: AfterStop.Restart } => Nothing,
        { Phase: AgentPhase.Stuck or AgentPhase.Suspect } or { Spec: null } or { HasProcess: false } => state.Decide(new Start(c.AgentId, c.By), now),
        _ => Accept(new StopDecided(c.AgentId, state.Run, AfterStop.Restart, c.By, c.Reason, [], now)),
    };

    public static Answer Decide(this AgentState state, Remove c, DateTimeOffset now) =>
        state.HasProcess ? state.Decide(new Configure(c.AgentId, state.Spec!, Hold.Removed, "no longer configured", null), now)
        : state.Hold == Hold.Removed ? Nothing
        : Accept(new AgentRemoved(c.AgentId, now));

    /// <summary>The time of a planned start has come.</summary>
    public static Answer DecideStartDue(this AgentState state, DateTimeOffset now) => state switch
    {
        _ when !state.IsPlanned => Nothing,
        // Its time has come, also where the clock was set back meanwhile: the plan is over.
        _ when state.Hold != Hold.None => Accept(state.Waits(state.NextStartAt > now ? state.NextStartAt.Value : now)),
        _ => state.Begin(state.Reason, now),
    };

    private static AgentHeld Waits(this AgentState state, DateTimeOffset at) => new(state.Id, state.Hold, $"waits: {state.Hold.ToString().ToLowerInvariant()}", at);

    /// <summary>A later run, on a node that fits.</summary>
    private static Answer Begin(this AgentState state, string reason, DateTimeOffset now)
    {
        if (state.Spec is null) return Nothing;
        if (state.Place is null) return Accept(new AgentHeld(state.Id, Hold.Place, $"no node fits `node: {state.Spec.Options.Node}`", now));
        var moved = state.Node is not null && state.Node != state.Place;
        return Accept(new RunDecided(state.Id, state.Run + 1, moved ? state.Epoch + 1 : state.Epoch, state.Place, state.Session, state.Spec.StartHash, reason, now));
    }

    public static Answer Decide(this AgentState state, RunBegan r, DateTimeOffset now) =>
        r.Run != state.Run || !state.HasProcess || (state.Pid == r.Pid && state.Adopted == r.Adopted && state.Phase != AgentPhase.Suspect)
            ? Nothing
            : Accept(new AgentStarted(state.Id, r.Run, r.Pid, r.Adopted, r.StartedAt, now));

    public static Answer Decide(this AgentState state, RunDidNotBegin r, DateTimeOffset now, double random)
    {
        if (r.Run != state.Run || !state.HasProcess) return Nothing;
        var failed = new AgentSpawnFailed(state.Id, r.Run, r.Errno, r.Detail, now);
        return Prepend(failed, state.Apply(failed).Next(state.Stopping, now, random, new ExitFacts { Ending = RunEnding.SpawnFailed, Errno = r.Errno }));
    }

    public static Answer Decide(this AgentState state, RunEnded r, DateTimeOffset now, double random)
    {
        if (r.Run != state.Run || !state.HasProcess) return Nothing;
        var ranFor = r.Exit.At - (state.StartedAt ?? state.DecidedAt ?? r.Exit.At);
        var ended = new AgentExited(state.Id, r.Exit, ranFor < TimeSpan.Zero ? TimeSpan.Zero : ranFor, now);
        return Prepend(ended, state.Apply(ended).Next(state.Stopping, now, random, new ExitFacts
        {
            Ending = RunEnding.Exited,
            Code = r.Exit.Code,
            Signal = r.Exit.Signal,
            By = r.Exit.By,
            RanFor = ended.RanFor,
            Result = state.Result,
            RateLimit = state.RateLimited ? new RateLimit(state.RateLimitedUntil) : null,
        }));
    }

    public static Answer Decide(this AgentState state, RunVanished r, DateTimeOffset now, double random)
    {
        if (r.Run != state.Run || !state.HasProcess) return Nothing;
        var lost = new RunLost(state.Id, r.Run, r.Reason, now);
        return Prepend(lost, state.Apply(lost).Next(state.Stopping, now, random, new ExitFacts { Ending = RunEnding.Lost }));
    }

    /// <summary>What follows the end of a run: what the stop intended, else what the restart policy says.</summary>
    private static Answer Next(this AgentState state, StopDecided? stopping, DateTimeOffset now, double random, ExitFacts facts)
    {
        if (state.Hold == Hold.Removed) return Accept(new AgentRemoved(state.Id, now));
        switch (stopping)
        {
            case { Then: AfterStop.Stay } stop:
                return Accept(new AgentStopped(state.Id, stop.By, stop.Reason, now));
            case { Then: AfterStop.Hold } stop:
                return state.Hold == Hold.None ? state.Begin("no longer held", now) : Accept(new AgentHeld(state.Id, state.Hold, stop.Reason, now));
            case { Then: AfterStop.Restart } stop:
                return state.Hold == Hold.None ? state.Begin(stop.Reason, now) : Accept(state.Waits(now));
            case { Then: AfterStop.Complete }:
                facts = facts with { Ending = RunEnding.Lingered };
                break;
            case { Then: AfterStop.Resume } stop:
                facts = facts with
                {
                    Ending = stop.Reason == FailedToStart ? RunEnding.FailedToStart : RunEnding.Stalled,
                    QuietFor = state.Spec?.Options.Liveness.StallAfter ?? TimeSpan.Zero,
                };
                break;
        }

        if (state.Spec is null) return Nothing;
        var (decision, history) = RestartPolicy.Decide(state.Spec.Options.Restart, state.History, facts, now, random);
        return decision switch
        {
            RestartDecision.Start { Delay: var delay } start when delay == TimeSpan.Zero && state.Hold == Hold.None =>
                // One write for both: the plan and the run it leads to at once.
                Prepend(Plan(start), state.Apply(Plan(start)).Begin(start.Reason, now)),
            RestartDecision.Start start => Accept(Plan(start)),
            RestartDecision.Wait wait => Accept(new WaitPlanned(state.Id, state.Run, wait.Until, wait.At, wait.Reason, history, now)),
            RestartDecision.CrashLoop loop => Accept(new CrashLoopEntered(state.Id, state.Run, loop.RetryAt, history.Failures, loop.Reason, history, now)),
            RestartDecision.Complete complete => Accept(new AgentCompleted(state.Id, state.Run, complete.Reason, now)),
            RestartDecision.Fail fail => Accept(new AgentFailed(state.Id, state.Run, fail.Reason, now)),
            _ => throw new InvalidOperationException($"a restart decision without a meaning: {decision}"),
        };

        RestartPlanned Plan(RestartDecision.Start start) =>
            new(state.Id, state.Run, start.At, start.Delay, history.Failures, start.Reason, history, now);
    }

    public static Answer Decide(this AgentState state, RunIsStuck r, DateTimeOffset now) =>
        r.Run != state.Run || !state.HasProcess || state.Phase == AgentPhase.Stuck ? Nothing : Accept(new AgentStuck(state.Id, r.Run, r.Evidence, now));

    public static Answer Decide(this AgentState state, RunSession r, DateTimeOffset now) =>
        r.Run != state.Run || (state.Session == r.Session && (r.Model is null || state.Model == r.Model)) ? Nothing : Accept(new SessionStarted(state.Id, r.Run, r.Session, r.Model, now));

    public static Answer Decide(this AgentState state, RunResult r, DateTimeOffset now) =>
        r.Run != state.Run || state.Result == r.Success ? Nothing : Accept(new ResultSeen(state.Id, r.Run, r.Success, r.Detail, now));

    public static Answer Decide(this AgentState state, RunRateLimited r, DateTimeOffset now) =>
        r.Run != state.Run || (state.RateLimited && state.RateLimitedUntil == r.Until) ? Nothing : Accept(new RateLimitSeen(state.Id, r.Run, r.Until, r.Detail, now));

    public static Answer Decide(this AgentState state, RunError r, DateTimeOffset now) =>
        r.Run != state.Run ? Nothing : Accept(new ErrorSeen(state.Id, r.Run, r.Class, r.Detail, now));

    public static Answer Decide(this AgentState state, ReportLiveness r, DateTimeOffset now)
    {
        if (r.Run != state.Run || state.Phase is not (AgentPhase.Starting or AgentPhase.Running or AgentPhase.Stalled)) return Nothing;
        return r.Finding switch
        {
            LivenessFinding.Alive when state.Phase == AgentPhase.Stalled => Accept(new AgentRecovered(state.Id, r.Run, r.Evidence, now)),
            LivenessFinding.Stalled when r.Step == StallStep.Resume => Accept(
                new AgentStalled(state.Id, r.Run, StallStep.Resume, r.Evidence, now),
                new StopDecided(state.Id, r.Run, AfterStop.Resume, "watchdog", "stalled", r.Evidence, now)),
            LivenessFinding.Stalled => Accept(new AgentStalled(state.Id, r.Run, r.Step ?? StallStep.Alert, r.Evidence, now)),
            LivenessFinding.Lingering => Accept(
                new AgentLingering(state.Id, r.Run, r.Evidence, now),
                new StopDecided(state.Id, r.Run, AfterStop.Complete, "watchdog", "lingering", r.Evidence, now)),
            LivenessFinding.FailedToStart => Accept(new StopDecided(state.Id, r.Run, AfterStop.Resume, "watchdog", FailedToStart, r.Evidence, now)),
            _ => Nothing,
        };
    }

    private static Answer Prepend(IEvent first, Answer rest) =>
        rest is Answer.Accept accept ? new Answer.Accept([first, .. accept.Events]) : new Answer.Accept([first]);
}
