namespace Supervisor.Messages.Agents;

/// <summary>The state a person sees; written in kebab-case: <c>crash-loop</c>.</summary>
public enum AgentPhase
{
    Disabled, Pending, Starting, Running, Stalled, Lingering, Stopping, Backoff, Waiting, CrashLoop,
    BudgetExhausted, Stopped, Completed, Failed, Stuck, Suspect,
}

/// <summary>Who ended a run.</summary>
public enum EndedBy { Agent, Supervisor, External, Oom }

/// <summary>How one run ended. Code and signal are both null when the exit could not be seen.</summary>
public sealed record RunExit(long Run, int? Code, int? Signal, EndedBy By, string Reason, DateTimeOffset At);

/// <summary>One agent as <c>agents --json</c> shows it (config/contract/cli.md).</summary>
public sealed record AgentStatus
{
    public required AgentId Id { get; init; }
    public required string Name { get; init; }
    public required AgentKind Kind { get; init; }
    public required AgentPhase State { get; init; }
    public required string Reason { get; init; }
    public required long Run { get; init; }
    public int? Pid { get; init; }
    public bool Adopted { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public int Restarts { get; init; }
    public int Failures { get; init; }
    public DateTimeOffset? NextStartAt { get; init; }
    public RunExit? LastExit { get; init; }
    public DateTimeOffset? LastOutputAt { get; init; }
    public string? Node { get; init; }
    public long Epoch { get; init; }
    public string? Session { get; init; }
    public string? Model { get; init; }
    public string SpentTodayUsd { get; init; } = "0.00";
    public int Unpushed { get; init; }

    /// <summary>The configuration changed in a way that only the next run will show.</summary>
    public bool ChangePending { get; init; }
}

/// <summary>One run as <c>agents/{id}/runs</c> shows it.</summary>
public sealed record RunStatus(long Run, long Epoch, string Node, DateTimeOffset DecidedAt, DateTimeOffset? StartedAt, int? Pid, RunExit? Exit);

/// <summary>One decision and what it rested on, as <c>why</c> shows it.</summary>
public sealed record AgentReason(DateTimeOffset At, string Type, long Run, string Text, IReadOnlyList<string> Evidence);

/// <summary>Why an agent is in its state: the decisions that led there, oldest first.</summary>
public sealed record AgentExplanation(AgentStatus Agent, IReadOnlyList<AgentReason> Reasons);
