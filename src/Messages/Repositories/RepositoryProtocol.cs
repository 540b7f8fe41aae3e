using Supervisor.Messages.Agents;

namespace Supervisor.Messages.Repositories;

/// <summary>Why a remote refused a push (one word per row of the table in docs/pushes.md).</summary>
public enum RefusalClass
{
    RemoteAhead, StaleLease, NeedsForce, ProtectedBranch, RuleViolation, SecretFound, WorkflowScope, LargeFile,
    PrivateEmail, AccessDenied, HookDeclined, LocalHook, Detached, NoUpstream, Network, RebaseConflict, ConflictMarkers, NotVerified, Unknown,
}

public static class RepositoryProtocol
{
    public interface IWithRepositoryId { RepositoryId RepositoryId { get; } }
    public interface ICommand : IWithRepositoryId;
    public interface IEvent : IWithRepositoryId, IWireMessage;
    public interface IReply;

    /// <summary>Make the agent's worktree exist. Answered by <see cref="WorkspaceReady"/> or <see cref="WorkspaceFailed"/>.</summary>
    public sealed record PrepareWorkspace(RepositoryId RepositoryId, AgentId AgentId) : ICommand;
    public sealed record WorkspaceReady(RepositoryId RepositoryId, AgentId AgentId, string Path, string GitDirectory) : IReply;
    public sealed record WorkspaceFailed(RepositoryId RepositoryId, AgentId AgentId, string Reason) : IReply;

    /// <summary>Bring the agent's commits to the remote, by the repository's mode. Answered by <see cref="PushDone"/> or <see cref="PushFailed"/>.</summary>
    public sealed record PushWork(RepositoryId RepositoryId, AgentId AgentId, string Reason) : ICommand;
    public sealed record PushDone(RepositoryId RepositoryId, AgentId AgentId, int Unpushed) : IReply;

    /// <summary>Git itself failed here, so nobody knows how much is unpushed. A refusal by the remote is no failure: see <see cref="PushRefused"/>.</summary>
    public sealed record PushFailed(RepositoryId RepositoryId, AgentId AgentId, string Reason) : IReply;

    /// <summary>Save uncommitted work to a rescue ref. Answered by <see cref="WorkSaved"/> or <see cref="NothingToSave"/> or <see cref="SaveFailed"/>.</summary>
    public sealed record SaveWork(RepositoryId RepositoryId, AgentId AgentId, string Reason) : ICommand;
    public sealed record NothingToSave(RepositoryId RepositoryId, AgentId AgentId) : IReply;
    public sealed record SaveFailed(RepositoryId RepositoryId, AgentId AgentId, string Reason) : IReply;

    /// <summary>A snapshot stands under a rescue ref. Both the answer to <see cref="SaveWork"/> and an event. <paramref name="Note"/>: what it could not hold.</summary>
    public sealed record WorkSaved(RepositoryId RepositoryId, AgentId AgentId, string Ref, string Commit, string Reason, DateTimeOffset At, string Note = "") : IEvent, IReply;

    /// <summary>The remote holds the commit: its ref was read again after the push.</summary>
    public sealed record WorkPushed(RepositoryId RepositoryId, AgentId AgentId, string Commit, string Ref, int Commits, DateTimeOffset At) : IEvent;

    /// <summary>The remote refused. <paramref name="Permanent"/>: raised once, and not tried again until the commit or the configuration changes.</summary>
    public sealed record PushRefused(RepositoryId RepositoryId, AgentId AgentId, string Commit, RefusalClass Class, bool Permanent, string Text, DateTimeOffset At) : IEvent;

    /// <summary>How much of the agent's work the remote lacks.</summary>
    public sealed record WorkCounted(RepositoryId RepositoryId, AgentId AgentId, int Unpushed, string Head, DateTimeOffset At) : IEvent;

    /// <summary>What the journal's events amount to: the journal's snapshot, read back by applying them in this order.</summary>
    public sealed record Standing(IReadOnlyList<WorkPushed> Pushed, IReadOnlyList<PushRefused> Refused, IReadOnlyList<WorkSaved> Saved) : IWireMessage;
}
