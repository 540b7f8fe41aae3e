using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Supervisor.Actors.Common;
using Supervisor.Actors.Outside;
using Supervisor.Messages;
using static Supervisor.Messages.Repositories.RepositoryProtocol;

namespace Supervisor.Actors.Repositories;

/// <summary>
/// One repository on one node: the agents' worktrees, their snapshots and their pushes. Git never runs on the actor's thread. One operation
/// at a time touches a worktree; pushes go one after another, and since a push works from a commit and not from files, it never delays a snapshot.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Actors release in PostStop.")]
public sealed partial class RepositoryActor : ReceivePersistentActor, IWithTimers
{
    public const int EventsPerSnapshot = 200;

    /// <summary>New settings, or the old ones when an operator says that something outside has changed: every refusal is tried anew.</summary>
    public sealed record ApplySettings(RepositorySettings Settings);
    public sealed record SettingsApplied(RepositoryId RepositoryId);
    public sealed record SettingsRejected(RepositoryId RepositoryId, string Reason);

    private sealed record PushDue;
    private sealed record RetryPush(AgentId AgentId);
    private sealed record Ended(long Operation, object Result);
    private sealed record Failed(long Operation, Exception Cause);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IGit _git;
    private readonly IEventTopic _topic;
    private RepositorySettings _settings;
    private RepositoryState _state;

    public RepositoryActor(RepositorySettings settings, string node, IGit git, IEventTopic topic)
    {
        (_settings, _git, _topic) = (settings, git, topic);
        _state = RepositoryState.New(settings.Id);
        PersistenceId = $"repository-{node}-{settings.Id}";

        Recover<SnapshotOffer>(offer => _state = _state.Apply((Standing)offer.Snapshot));
        Recover<IEvent>(e => _state = _state.Apply(e));
        Recover<RecoveryCompleted>(_ => Begin());

        Command<PrepareWorkspace>(Handle);
        Command<SaveWork>(Handle);
        Command<PushWork>(Handle);
        Command<ApplySettings>(Handle);
        Command<PushDue>(_ => PushAll());
        Command<RetryPush>(retry => Push(retry.AgentId, []));
        Command<Ended>(Handle);
        Command<Failed>(Handle);
        Command<SaveSnapshotSuccess>(saved => DeleteMessages(saved.Metadata.SequenceNr));
        Command<DeleteMessagesSuccess>(deleted => DeleteSnapshots(new SnapshotSelectionCriteria(deleted.ToSequenceNr - 1)));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<SaveSnapshotFailure>(failed => _log.Warning(failed.Cause, "Repository {RepositoryId}: the journal's snapshot failed; its events stay", _settings.Id));
        Command<DeleteMessagesFailure>(failed => _log.Warning(failed.Cause, "Repository {RepositoryId}: old events could not be deleted", _settings.Id));
        Command<DeleteSnapshotsFailure>(failed => _log.Warning(failed.Cause, "Repository {RepositoryId}: old snapshots could not be deleted", _settings.Id));
    }

    public override string PersistenceId { get; }
    public ITimerScheduler Timers { get; set; } = null!;

    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    protected override void PostStop()
    {
        ReleaseAll();
        base.PostStop();
    }

    private void Begin()
    {
        Timers.StartPeriodicTimer(nameof(PushDue), new PushDue(), _settings.PushEvery);
        WithRepository(_ => { }, reason => _log.Warning("Repository {RepositoryId} is not usable yet: {Reason}", _settings.Id, reason));
    }

    private void Handle(PrepareWorkspace c)
    {
        var debt = Owe(reason => new WorkspaceFailed(c.RepositoryId, c.AgentId, reason));
        var now = Now;
        WithRepository(repository => Alone(c.AgentId, debt, cancel => _git.EnsureWorktreeAsync(repository, c.AgentId, now, cancel), worktree =>
        {
            if (worktree.Note.Length > 0)
            {
                _log.Info("Repository {RepositoryId}: worktree of {AgentId}: {Note}", _settings.Id, c.AgentId, worktree.Note);
            }

            _worktrees[c.AgentId] = worktree;
            Pay(debt, new WorkspaceReady(c.RepositoryId, c.AgentId, worktree.Path, worktree.GitDirectory));
        }), debt.Fail);
    }

    private void Handle(SaveWork c)
    {
        var debt = Owe(reason => new SaveFailed(c.RepositoryId, c.AgentId, reason));
        var now = Now;
        WithRepository(repository =>
        {
            if (!_worktrees.TryGetValue(c.AgentId, out var worktree))
            {
                debt.Fail($"no worktree of {c.AgentId} is known in {_settings.Id}");
                return;
            }

            Alone(c.AgentId, debt, cancel => _git.SnapshotAsync(repository, worktree, c.Reason, now, cancel), snapshot =>
            {
                if (snapshot is not Snapshot.Saved saved)
                {
                    Pay(debt, new NothingToSave(c.RepositoryId, c.AgentId));
                    return;
                }

                var e = new WorkSaved(c.RepositoryId, c.AgentId, saved.Ref, saved.Commit, c.Reason, now, string.Join("; ", saved.Notes));
                Record([e], () => Pay(debt, e));
            });
        }, debt.Fail);
    }

    private void Handle(ApplySettings c)
    {
        if (c.Settings.Id != _settings.Id)
        {
            Sender.Tell(new SettingsRejected(_settings.Id, $"these are settings of {c.Settings.Id}"));
            return;
        }

        var samePlace = c.Settings with { PushMode = _settings.PushMode, PushEvery = _settings.PushEvery } == _settings;
        var sameRhythm = c.Settings.PushEvery == _settings.PushEvery;
        _settings = c.Settings;
        _state = _state.Unparked();
        _remoteDownUntil = default;
        Reopen(samePlace);
        if (!sameRhythm)
        {
            Timers.StartPeriodicTimer(nameof(PushDue), new PushDue(), _settings.PushEvery);
        }

        _log.Info("Repository {RepositoryId}: settings applied, pushes by {Mode} every {Every}", _settings.Id, _settings.PushMode, _settings.PushEvery);
        Sender.Tell(new SettingsApplied(_settings.Id));
    }

    /// <summary>Persist, apply, publish, then go on.</summary>
    private void Record(IReadOnlyList<IEvent> events, Action then)
    {
        PersistAll(events, e =>
        {
            _state = _state.Apply(e);
            _topic.Publish(e);
            React(e);
            if (LastSequenceNr % EventsPerSnapshot == 0)
            {
                SaveSnapshot(_state.ToStanding());
            }
        });
        DeferAsync(events, _ => then());
    }

    private void React(IEvent e)
    {
        switch (e)
        {
            case WorkPushed pushed:
                _log.Info("Agent {AgentId}: {Commits} commits pushed to {Ref} of {RepositoryId}", pushed.AgentId, pushed.Commits, pushed.Ref, _settings.Id);
                break;
            case PushRefused refused:
                _log.Warning("Agent {AgentId}: push to {RepositoryId} refused ({Class}): {Text}", refused.AgentId, _settings.Id, refused.Class, refused.Text);
                break;
            case WorkSaved saved:
                _log.Info("Agent {AgentId}: work saved at {Ref} of {RepositoryId} ({Reason})", saved.AgentId, saved.Ref, _settings.Id, saved.Reason);
                break;
        }
    }
}
