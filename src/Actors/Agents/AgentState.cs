using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using static Supervisor.Messages.Agents.AgentProtocol;

namespace Supervisor.Actors.Agents;

/// <summary>
/// The durable record of one agent. <see cref="Apply"/> is the only writer of what the journal keeps;
/// the volatile part is told again by the fleet after every recovery and never stored, for it may hold secrets.
/// </summary>
public sealed record AgentState : IWireMessage
{
    public const int ReasonsKept = 24;
    public const int RunsKept = 20;

    public required AgentId Id { get; init; }
    public AgentPhase Phase { get; init; } = AgentPhase.Pending;
    public string Reason { get; init; } = "not configured yet";
    public Hold Hold { get; init; }

    public long Run { get; init; }
    public long Epoch { get; init; } = 1;
    public string? Node { get; init; }
    public string? StartHash { get; init; }
    public int? Pid { get; init; }
    public bool Adopted { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public string? Session { get; init; }
    public string? Model { get; init; }

    public int Restarts { get; init; }
    public RestartHistory History { get; init; } = RestartHistory.None;
    public DateTimeOffset? NextStartAt { get; init; }
    public RunExit? LastExit { get; init; }

    /// <summary>What this run said of itself; decides what its exit means.</summary>
    public bool? Result { get; init; }
    public bool RateLimited { get; init; }
    public DateTimeOffset? RateLimitedUntil { get; init; }

    /// <summary>The stop that is under way.</summary>
    public StopDecided? Stopping { get; init; }

    public ImmutableList<AgentReason> Reasons { get; init; } = [];
    public ImmutableList<RunStatus> Runs { get; init; } = [];

    [JsonIgnore] public AgentSpec? Spec { get; init; }
    [JsonIgnore] public string? Place { get; init; }
    [JsonIgnore] public DateTimeOffset? LastOutputAt { get; init; }
    [JsonIgnore] public int Unpushed { get; init; }

    /// <summary>Whether a process of ours exists, or may exist.</summary>
    public bool HasProcess => Phase is AgentPhase.Starting or AgentPhase.Running or AgentPhase.Stalled
        or AgentPhase.Lingering or AgentPhase.Stopping or AgentPhase.Stuck or AgentPhase.Suspect;

    /// <summary>A person, the agent itself or its failures have ended it; only a start brings it back.</summary>
    public bool IsAtRest => Phase is AgentPhase.Stopped or AgentPhase.Completed or AgentPhase.Failed;

    /// <summary>Its next start has a time, or waits for a person. A hold does not shorten that, and the end of a hold is no start.</summary>
    public bool IsPlanned => Phase is AgentPhase.Backoff or AgentPhase.Waiting or AgentPhase.CrashLoop;

    public AgentState Apply(IEvent @event) => Change(@event).Remember(@event);

    private AgentState Change(IEvent @event) => @event switch
    {
        AgentHeld e when HasProcess || (e.Hold != Hold.Disabled && (IsAtRest || (IsPlanned && !(NextStartAt <= e.At)))) => this with { Hold = e.Hold },
        AgentHeld e => this with
        {
            Hold = e.Hold,
            Phase = e.Hold == Hold.Disabled ? AgentPhase.Disabled : AgentPhase.Pending,
            Reason = e.Text,
            NextStartAt = null,
        },
        AgentReleased => this with { Hold = Hold.None },
        RunDecided e => this with
        {
            Phase = AgentPhase.Starting,
            Reason = e.Reason,
            Hold = Hold.None,
            Run = e.Run,
            Epoch = e.Epoch,
            Node = e.Node,
            StartHash = e.StartHash,
            Session = e.Session,
            DecidedAt = e.At,
            StartedAt = null,
            Pid = null,
            Adopted = false,
            NextStartAt = null,
            Stopping = null,
            Result = null,
            RateLimited = false,
            RateLimitedUntil = null,
            Restarts = Run == 0 ? 0 : Restarts + 1,
            Runs = Keep(Runs.Add(new RunStatus(e.Run, e.Epoch, e.Node, e.At, null, null, null))),
        },
        AgentStarted e => this with
        {
            // To find its process again ends no stop.
            Phase = Stopping is null ? AgentPhase.Running : Phase == AgentPhase.Stuck ? Phase : AgentPhase.Stopping,
            Reason = Stopping is { } stop ? stop.Reason : e.Adopted ? "adopted" : "started",
            Pid = e.Pid,
            Adopted = e.Adopted,
            StartedAt = e.StartedAt,
            Runs = Amend(e.Run, r => r with { StartedAt = e.StartedAt, Pid = e.Pid }),
        },
        SessionStarted e => this with { Session = e.Session, Model = e.Model ?? Model },
        ResultSeen e => this with { Result = e.Success },
        RateLimitSeen e => this with { RateLimited = true, RateLimitedUntil = e.Until },
        AgentExited e => Ended(e.Exit),
        AgentSpawnFailed e => Ended(new RunExit(e.Run, null, null, EndedBy.Supervisor, $"spawn-failed: {e.Errno}", e.At)),
        RunLost e => Ended(new RunExit(e.Run, null, null, EndedBy.External, e.Reason, e.At)),
        RestartPlanned e => this with
        {
            Phase = AgentPhase.Backoff,
            Reason = e.Reason,
            NextStartAt = e.StartAt,
            History = e.History,
        },
        WaitPlanned e => this with
        {
            Phase = AgentPhase.Waiting,
            Reason = e.Reason,
            NextStartAt = e.StartAt,
            History = e.History,
        },
        CrashLoopEntered e => this with
        {
            Phase = AgentPhase.CrashLoop,
            Reason = e.Reason,
            NextStartAt = e.RetryAt,
            History = e.History,
        },
        AgentCompleted e => this with { Phase = AgentPhase.Completed, Reason = e.Reason, NextStartAt = null },
        AgentFailed e => this with { Phase = AgentPhase.Failed, Reason = e.Reason, NextStartAt = null },
        StopDecided e => this with { Phase = AgentPhase.Stopping, Reason = e.Reason, Stopping = e },
        AgentStopped e => this with { Phase = AgentPhase.Stopped, Reason = e.Reason, NextStartAt = null },
        AgentStuck => this with { Phase = AgentPhase.Stuck, Reason = "SIGKILL had no effect" },
        AgentStalled => this with { Phase = AgentPhase.Stalled, Reason = "no signal of life moved" },
        AgentRecovered => this with { Phase = AgentPhase.Running, Reason = "moves again" },
        AgentLingering => this with { Phase = AgentPhase.Lingering, Reason = "gave its result and does not exit" },
        AgentSuspect e => this with { Phase = AgentPhase.Suspect, Reason = $"node {e.Node} is gone" },
        // Only a start forgives: it ends rest and waiting too, whether or not the run can begin at once.
        HistoryReset => this with
        {
            History = RestartHistory.None,
            Phase = IsAtRest || IsPlanned ? AgentPhase.Pending : Phase,
            NextStartAt = IsAtRest || IsPlanned ? null : NextStartAt,
        },
        AgentRemoved => this with { Hold = Hold.Removed, Phase = AgentPhase.Disabled, Reason = "no longer configured" },
        _ => this,
    };

    /// <summary>No process any more; the next event of the same write says what follows.</summary>
    private AgentState Ended(RunExit exit) => this with
    {
        Phase = AgentPhase.Pending,
        LastExit = exit,
        Pid = null,
        Adopted = false,
        Stopping = null,
        Runs = Amend(exit.Run, r => r with { Exit = exit }),
    };

    private ImmutableList<RunStatus> Amend(long run, Func<RunStatus, RunStatus> change) =>
        Runs.FindIndex(r => r.Run == run) is var index and >= 0 ? Runs.SetItem(index, change(Runs[index])) : Runs;

    private static ImmutableList<RunStatus> Keep(ImmutableList<RunStatus> runs) =>
        runs.Count > RunsKept ? runs.RemoveRange(0, runs.Count - RunsKept) : runs;

    private AgentState Remember(IEvent @event)
    {
        var reasons = Reasons.Add(AgentReasons.Of(@event, this));
        return this with { Reasons = reasons.Count > ReasonsKept ? reasons.RemoveRange(0, reasons.Count - ReasonsKept) : reasons };
    }

    public AgentStatus ToStatus() => new()
    {
        Id = Id,
        Name = Spec?.Options.Name ?? "",
        Kind = Spec?.Options.Kind ?? AgentKind.Command,
        State = Phase,
        Reason = Reason,
        Run = Run,
        Pid = Pid,
        Adopted = Adopted,
        StartedAt = Pid is null ? null : StartedAt,
        Restarts = Restarts,
        Failures = History.Failures,
        NextStartAt = NextStartAt,
        LastExit = LastExit,
        LastOutputAt = LastOutputAt,
        Node = Node,
        Epoch = Epoch,
        Session = Session,
        Model = Model,
        Unpushed = Unpushed,
        ChangePending = HasProcess && Spec is not null && StartHash is not null && Spec.StartHash != StartHash,
    };
}
