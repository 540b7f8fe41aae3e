namespace Supervisor.Messages.Agents;

/// <summary>Between an agent's record and the runners of the node that owns its workspace.</summary>
public static class RunProtocol
{
    public interface IWithRun : IWireMessage
    {
        AgentId AgentId { get; }
        long Run { get; }
    }

    public interface ICommand : IWithRun;

    /// <summary>What a runner tells the agent's record; sent again until the record has it.</summary>
    public interface IReport : IWithRun, AgentProtocol.IWithAgentId;

    public sealed record StartRun(AgentId AgentId, long Run, long Epoch, AgentSpec Spec, string? Session) : ICommand;

    /// <summary>The record was recovered and does not know what became of its run.</summary>
    public sealed record AdoptRun(AgentId AgentId, long Run, long Epoch, AgentSpec Spec) : ICommand;

    /// <summary>The configuration changed under a living run; only what needs no new process takes effect.</summary>
    public sealed record UpdateRun(AgentId AgentId, long Run, AgentSpec Spec) : ICommand;

    /// <param name="SaveWork">Whether uncommitted work is saved to a rescue ref first.</param>
    public sealed record StopRun(AgentId AgentId, long Run, StopOptions Stop, bool SaveWork, string Reason) : ICommand;
    public sealed record SendToRun(AgentId AgentId, long Run, string Text) : ICommand;

    /// <summary>The run's end is in the journal: its runner may forget it.</summary>
    public sealed record ForgetRun(AgentId AgentId, long Run) : ICommand;

    public sealed record RunBegan(AgentId AgentId, long Run, int Pid, bool Adopted, DateTimeOffset StartedAt) : IReport;
    public sealed record RunDidNotBegin(AgentId AgentId, long Run, string Errno, string Detail) : IReport;
    public sealed record RunEnded(AgentId AgentId, RunExit Exit) : IReport { public long Run => Exit.Run; }

    /// <summary>Nobody saw the run end. <paramref name="Reason"/>: shim-lost, reboot, never-started.</summary>
    public sealed record RunVanished(AgentId AgentId, long Run, string Reason) : IReport;
    public sealed record RunIsStuck(AgentId AgentId, long Run, IReadOnlyList<string> Evidence) : IReport;

    /// <summary>A runner lost what it knew and asks the record what it is to do.</summary>
    public sealed record RunnerRestarted(AgentId AgentId, long Run) : IReport;

    public sealed record RunSession(AgentId AgentId, long Run, string Session, string? Model) : IReport;
    public sealed record RunResult(AgentId AgentId, long Run, bool Success, string Detail) : IReport;
    public sealed record RunRateLimited(AgentId AgentId, long Run, DateTimeOffset? Until, string Detail) : IReport;
    public sealed record RunError(AgentId AgentId, long Run, string Class, string Detail) : IReport;

    /// <summary>The agent printed something; at most one a second.</summary>
    public sealed record RunSpoke(AgentId AgentId, long Run, DateTimeOffset At) : IReport;

    /// <summary>Whether a message reached the session.</summary>
    public sealed record TextSent(AgentId AgentId, long Run, bool Sent, string Reason) : IReport;
}
