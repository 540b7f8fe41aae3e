using Akka.Actor;
using Akka.Event;
using Supervisor.Actors.Common;
using Supervisor.Actors.Outside;
using Supervisor.Messages;

namespace Supervisor.Actors.Repositories;

/// <summary>How the actor runs git beside itself, and keeps account of whom it owes a reply.</summary>
public sealed partial class RepositoryActor
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<long, Operation> _running = [];
    private readonly Dictionary<AgentId, GitWorktree> _worktrees = [];
    private readonly Dictionary<AgentId, Lane> _lanes = [];
    private readonly HashSet<Debt> _debts = [];
    private readonly List<(Action<GitRepository> Go, Action<string> Failed)> _whenOpen = [];
    private GitRepository? _repository;
    private long _lastOperation;
    private long _opening;

    private sealed record Operation(Action<object> Done, Action<string> Failed);

    /// <summary>A reply that somebody waits for. Each is paid once; those still open when the actor stops are paid with a failure.</summary>
    private sealed class Debt(RepositoryActor debtor, IActorRef to, Func<string, object> failure)
    {
        public void Pay(object reply)
        {
            if (debtor._debts.Remove(this))
            {
                to.Tell(reply);
            }
        }

        public void Fail(string reason) => Pay(failure(reason));
    }

    private Debt Owe(Func<string, object> failure)
    {
        var debt = new Debt(this, Sender, failure);
        _debts.Add(debt);
        return debt;
    }

    private static void Pay(Debt debt, object reply) => debt.Pay(reply);

    private void ReleaseAll()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        foreach (var debt in _debts.ToArray())
        {
            debt.Fail($"repository {_settings.Id} is stopping");
        }
    }

    /// <summary>Runs work beside the actor; exactly one of the two is called later, on the actor's thread.</summary>
    private long Start<T>(Func<CancellationToken, Task<T>> work, Action<T> done, Action<string> failed) where T : notnull
    {
        var number = ++_lastOperation;
        var cancel = _stopping.Token;
        _running[number] = new Operation(result => done((T)result), failed);
        // Task.Run: what comes before the first await (folders, locks) may block too.
        Task.Run(() => work(cancel), cancel).PipeTo(Self, success: result => new Ended(number, result), failure: e => new Failed(number, e.GetBaseException()));
        return number;
    }

    private void Handle(Ended e)
    {
        if (_running.Remove(e.Operation, out var operation))
        {
            operation.Done(e.Result);
        }
    }

    private void Handle(Failed e)
    {
        if (e.Cause is not (GitException or IOException or UnauthorizedAccessException or ArgumentException or OperationCanceledException))
        {
            _log.Error(e.Cause, "Repository {RepositoryId}: an operation failed in a way nobody expected", _settings.Id);
        }

        if (_running.Remove(e.Operation, out var operation))
        {
            operation.Failed(e.Cause.Message);
        }
    }

    /// <summary>One operation at a time in an agent's worktree; a failure pays the debt.</summary>
    private void Alone<T>(AgentId agent, Debt debt, Func<CancellationToken, Task<T>> work, Action<T> done) where T : notnull
    {
        if (!_lanes.TryGetValue(agent, out var lane))
        {
            _lanes[agent] = lane = new Lane();
        }

        lane.Enter(() => Start(
            work,
            result =>
            {
                done(result);
                lane.Leave();
            },
            reason =>
            {
                debt.Fail(reason);
                lane.Leave();
            }));
    }

    /// <summary>Goes on with the clone as soon as it is there. A clone that cannot be had now is tried again with the next command.</summary>
    private void WithRepository(Action<GitRepository> go, Action<string> failed)
    {
        if (_repository is not null)
        {
            go(_repository);
            return;
        }

        _whenOpen.Add((go, failed));
        if (_opening == 0)
        {
            Open();
        }
    }

    private void Open()
    {
        var settings = _settings;
        var opening = 0L;
        opening = Start(
            async cancel =>
            {
                var repository = await _git.EnsureCloneAsync(settings, cancel).ConfigureAwait(false);
                await _git.SweepAsync(repository, cancel).ConfigureAwait(false);
                return (Repository: repository, Worktrees: await _git.FindWorktreesAsync(repository, cancel).ConfigureAwait(false));
            },
            opened =>
            {
                if (opening != _opening)
                {
                    return; // the settings changed meanwhile, and a newer opening is on its way
                }

                _repository = opened.Repository with { Settings = _settings };
                foreach (var worktree in opened.Worktrees)
                {
                    _worktrees[worktree.Agent] = worktree;
                }

                _log.Info("Repository {RepositoryId} is open at {Path} with {Count} worktrees", _settings.Id, _repository.Path, _worktrees.Count);
                Settle(waiter => waiter.Go(_repository));
            },
            reason =>
            {
                if (opening == _opening)
                {
                    Settle(waiter => waiter.Failed(reason));
                }
            });
        _opening = opening;
    }

    private void Settle(Action<(Action<GitRepository> Go, Action<string> Failed)> each)
    {
        _opening = 0;
        var waiting = _whenOpen.ToArray();
        _whenOpen.Clear();
        Array.ForEach(waiting, each);
    }

    private void Reopen(bool samePlace)
    {
        if (samePlace)
        {
            _repository = _repository is null ? null : _repository with { Settings = _settings };
            return;
        }

        _repository = null;
        _worktrees.Clear();
        Open();
    }
}
