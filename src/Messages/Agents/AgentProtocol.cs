using Supervisor.Messages.Watchdog;

namespace Supervisor.Messages.Agents;

/// <summary>Why an agent is not to run although nothing is wrong with it. Null text: let it run.</summary>
public enum Hold { None, Disabled, Phase, After, Dependency, Place, Drain, Removed }

/// <summary>What comes after a stop.</summary>
public enum AfterStop { Stay, Restart, Resume, Complete, Hold }

/// <summary>What other actors say to an agent's record, and what it says back.</summary>
public static class AgentProtocol
{
    public interface IWithAgentId { AgentId AgentId { get; } }
    public interface ICommand : IWithAgentId, IWireMessage;
    public interface IQuery : IWithAgentId, IWireMessage;
    public interface IReply : IWithAgentId, IWireMessage;

    /// <summary>What happened to an agent; journaled by its record, then published once.</summary>
    public interface IEvent : IWithAgentId, IWireMessage { DateTimeOffset At { get; } }

    // Commands.

    /// <summary>What the fleet wants of the agent now. Sent again whenever it changes, and to every fresh record; changes nothing when it says nothing new.</summary>
    /// <param name="Node">Where it should run if it is not placed yet or its place no longer fits; null: nowhere now.</param>
    public sealed record Configure(AgentId AgentId, AgentSpec Spec, Hold Hold, string HoldText, string? Node) : ICommand;

    /// <summary>No longer in the configuration: stop and forget.</summary>
    public sealed record Remove(AgentId AgentId) : ICommand;
    public sealed record Start(AgentId AgentId, string By) : ICommand;
    public sealed record Stop(AgentId AgentId, string By) : ICommand;
    public sealed record Restart(AgentId AgentId, string By, string Reason) : ICommand;
    public sealed record SendText(AgentId AgentId, string Text, string By) : ICommand;

    /// <summary>The watchdog's finding about a run.</summary>
    public sealed record ReportLiveness(AgentId AgentId, long Run, LivenessFinding Finding, StallStep? Step, IReadOnlyList<string> Evidence) : ICommand;

    /// <summary>How much of the agent's work its remote lacks.</summary>
    public sealed record CountWork(AgentId AgentId, int Unpushed) : ICommand;

    // Queries.
    public sealed record GetStatus(AgentId AgentId) : IQuery;
    public sealed record GetRuns(AgentId AgentId) : IQuery;
    public sealed record GetExplanation(AgentId AgentId) : IQuery;

    // Replies.
    public sealed record Accepted(AgentId AgentId, AgentStatus Status) : IReply;
    public sealed record Rejected(AgentId AgentId, string Reason) : IReply;
    public sealed record NotFound(AgentId AgentId) : IReply;
    public sealed record Status(AgentId AgentId, AgentStatus Agent) : IReply;
    public sealed record Runs(AgentId AgentId, IReadOnlyList<RunStatus> Items) : IReply;
    public sealed record Explanation(AgentId AgentId, AgentExplanation Why) : IReply;

    /// <summary>The agent's present condition, published after every change and again after recovery. Not journaled.</summary>
    public sealed record Announced(AgentId AgentId, AgentStatus Agent) : IWithAgentId, IWireMessage;

    // Events.
    public sealed record AgentHeld(AgentId AgentId, Hold Hold, string Text, DateTimeOffset At) : IEvent;
    public sealed record AgentReleased(AgentId AgentId, DateTimeOffset At) : IEvent;

    /// <summary>A run is to begin: written down before its process exists.</summary>
    public sealed record RunDecided(AgentId AgentId, long Run, long Epoch, string Node, string? Session, string StartHash, string Reason, DateTimeOffset At) : IEvent;
    public sealed record AgentStarted(AgentId AgentId, long Run, int Pid, bool Adopted, DateTimeOffset StartedAt, DateTimeOffset At) : IEvent;
    public sealed record AgentSpawnFailed(AgentId AgentId, long Run, string Errno, string Detail, DateTimeOffset At) : IEvent;
    public sealed record SessionStarted(AgentId AgentId, long Run, string Session, string? Model, DateTimeOffset At) : IEvent;
    public sealed record ResultSeen(AgentId AgentId, long Run, bool Success, string Detail, DateTimeOffset At) : IEvent;
    public sealed record RateLimitSeen(AgentId AgentId, long Run, DateTimeOffset? Until, string Detail, DateTimeOffset At) : IEvent;

    /// <summary>The agent said what is wrong; kept so that <c>why</c> can show it after the exit.</summary>
    public sealed record ErrorSeen(AgentId AgentId, long Run, string Class, string Detail, DateTimeOffset At) : IEvent;
    public sealed record AgentExited(AgentId AgentId, RunExit Exit, TimeSpan RanFor, DateTimeOffset At) : IEvent;

    /// <summary>The run is gone and nobody saw it end. Not a failure of the agent.</summary>
    public sealed record RunLost(AgentId AgentId, long Run, string Reason, DateTimeOffset At) : IEvent;

    public sealed record RestartPlanned(AgentId AgentId, long AfterRun, DateTimeOffset StartAt, TimeSpan Delay, int Failures, string Reason, RestartHistory History, DateTimeOffset At) : IEvent;
    public sealed record WaitPlanned(AgentId AgentId, long AfterRun, DateTimeOffset Until, DateTimeOffset StartAt, string Reason, RestartHistory History, DateTimeOffset At) : IEvent;
    public sealed record CrashLoopEntered(AgentId AgentId, long AfterRun, DateTimeOffset? RetryAt, int Failures, string Reason, RestartHistory History, DateTimeOffset At) : IEvent;
    public sealed record AgentCompleted(AgentId AgentId, long Run, string Reason, DateTimeOffset At) : IEvent;
    public sealed record AgentFailed(AgentId AgentId, long Run, string Reason, DateTimeOffset At) : IEvent;

    public sealed record StopDecided(AgentId AgentId, long Run, AfterStop Then, string By, string Reason, IReadOnlyList<string> Evidence, DateTimeOffset At) : IEvent;
    public sealed record AgentStopped(AgentId AgentId, string By, string Reason, DateTimeOffset At) : IEvent;
    public sealed record AgentStuck(AgentId AgentId, long Run, IReadOnlyList<string> Evidence, DateTimeOffset At) : IEvent;
    public sealed record AgentStalled(AgentId AgentId, long Run, StallStep Step, IReadOnlyList<string> Evidence, DateTimeOffset At) : IEvent;
    public sealed record AgentRecovered(AgentId AgentId, long Run, IReadOnlyList<string> Evidence, DateTimeOffset At) : IEvent;
    public sealed record AgentLingering(AgentId AgentId, long Run, IReadOnlyList<string> Evidence, DateTimeOffset At) : IEvent;

    /// <summary>A person, or a start by one, forgave what went before.</summary>
    public sealed record HistoryReset(AgentId AgentId, string By, DateTimeOffset At) : IEvent;
    public sealed record AgentSuspect(AgentId AgentId, long Run, string Node, DateTimeOffset At) : IEvent;
    public sealed record AgentRemoved(AgentId AgentId, DateTimeOffset At) : IEvent;
}
