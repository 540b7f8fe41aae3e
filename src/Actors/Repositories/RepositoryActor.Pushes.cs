using Akka.Event;
using Supervisor.Actors.Common;
using Supervisor.Actors.Outside;
using Supervisor.Messages;
using Supervisor.Messages.Repositories;
using static Supervisor.Messages.Repositories.RepositoryProtocol;

namespace Supervisor.Actors.Repositories;

/// <summary>Pushes: look (reads, all at once), decide (pure), then push, one after another.</summary>
public sealed partial class RepositoryActor
{
    private readonly Lane _remote = new();
    private readonly Dictionary<AgentId, List<Debt>> _pushing = [];
    private readonly Dictionary<AgentId, List<Debt>> _pushNext = [];
    private readonly Dictionary<AgentId, (int Unpushed, string Head)> _counted = [];
    private bool _refreshing;

    /// <summary>One agent found the remote out of reach; the others need not wait for the same silence.</summary>
    private DateTimeOffset _remoteDownUntil;

    private void Handle(PushWork c)
    {
        var debt = Owe(reason => new PushFailed(c.RepositoryId, c.AgentId, reason));
        WithRepository(_ => Push(c.AgentId, [debt]), debt.Fail);
    }

    private void PushAll() => WithRepository(repository =>
    {
        if (_refreshing)
        {
            return;
        }

        _refreshing = true;
        Start(
            async cancel =>
            {
                if (repository.Settings.PushMode != PushMode.Off)
                {
                    await _git.RefreshAsync(repository, cancel).ConfigureAwait(false);
                }

                return true;
            },
            _ => PushKnown(),
            reason =>
            {
                // The pushes find out for themselves, and say so, if there is anything to push.
                _log.Info("Repository {RepositoryId}: {Reason}", _settings.Id, reason);
                PushKnown();
            });
    }, reason => _log.Warning("Repository {RepositoryId} is not usable yet: {Reason}", _settings.Id, reason));

    private void PushKnown()
    {
        _refreshing = false;
        foreach (var agent in _worktrees.Keys.Where(agent => !_pushing.ContainsKey(agent)).ToArray())
        {
            Push(agent, []);
        }
    }

    private void Push(AgentId agent, List<Debt> debts)
    {
        if (_repository is not { } repository || !_worktrees.TryGetValue(agent, out var worktree))
        {
            debts.ForEach(debt => debt.Fail($"no worktree of {agent} is known in {_settings.Id}"));
            return;
        }

        if (_pushing.ContainsKey(agent))
        {
            // The push under way may have looked already; who asks now gets the next one.
            if (debts.Count > 0)
            {
                (_pushNext.TryGetValue(agent, out var next) ? next : _pushNext[agent] = []).AddRange(debts);
            }

            return;
        }

        _pushing[agent] = debts;
        Start(
            cancel => _git.InspectAsync(repository, worktree, cancel),
            seen =>
            {
                Count(agent, seen.Unpushed, seen.Head);
                if (seen.Head is null || seen.Pending == 0)
                {
                    PushEnded(agent, seen.Unpushed);
                }
                else
                {
                    Decide(repository, worktree, seen.Head, seen.Unpushed);
                }
            },
            reason => PushBroke(agent, reason));
    }

    private void Decide(GitRepository repository, GitWorktree worktree, string head, int unpushed)
    {
        switch (_state.Decide(worktree.Agent, head, Now))
        {
            case PushDecision.Push:
                _remote.Enter(() => PushNow(repository, worktree, unpushed));
                break;
            case PushDecision.Wait wait:
                Retry(worktree.Agent, wait.Until);
                PushEnded(worktree.Agent, unpushed);
                break;
            case PushDecision.Parked:
                PushEnded(worktree.Agent, unpushed);
                break;
        }
    }

    private void PushNow(GitRepository repository, GitWorktree worktree, int unpushed)
    {
        var now = Now;
        if (now < _remoteDownUntil)
        {
            Retry(worktree.Agent, _remoteDownUntil);
            PushEnded(worktree.Agent, unpushed);
            _remote.Leave();
            return;
        }

        Start(
            cancel => _git.PushAsync(repository, worktree, now, cancel),
            report =>
            {
                Take(worktree.Agent, report);
                _remote.Leave();
            },
            reason =>
            {
                PushBroke(worktree.Agent, reason);
                _remote.Leave();
            });
    }

    private void Take(AgentId agent, PushReport report)
    {
        var now = Now;
        var events = _state.Decide(agent, report, now);
        if (events.Count == 0)
        {
            _state = _state.Tried(agent, report, now);
        }

        Record(events, () =>
        {
            _remoteDownUntil = report.Refusal?.Class == RefusalClass.Network ? now + PushPolicy.Delay(_state.Of(agent).History?.Attempts ?? 1) : default;
            if (_state.Decide(agent, report.Head ?? "", now) is PushDecision.Wait wait)
            {
                Retry(agent, wait.Until);
            }

            Count(agent, report.Unpushed, report.Head);
            PushEnded(agent, report.Unpushed);
        });
    }

    private void Retry(AgentId agent, DateTimeOffset until)
    {
        var wait = until - Now;
        Timers.StartSingleTimer($"{nameof(RetryPush)}-{agent}", new RetryPush(agent), wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    private void Count(AgentId agent, int unpushed, string? head)
    {
        var counted = (unpushed, head ?? "");
        if (!_counted.TryGetValue(agent, out var before) || before != counted)
        {
            _counted[agent] = counted;
            _topic.Publish(new WorkCounted(_settings.Id, agent, unpushed, head ?? "", Now));
        }
    }

    private void PushEnded(AgentId agent, int unpushed) => PushOver(agent, debt => Pay(debt, new PushDone(_settings.Id, agent, unpushed)));

    private void PushBroke(AgentId agent, string reason)
    {
        _log.Warning("Agent {AgentId}: nothing could be pushed to {RepositoryId}: {Reason}", agent, _settings.Id, reason);
        PushOver(agent, debt => debt.Fail(reason));
    }

    private void PushOver(AgentId agent, Action<Debt> pay)
    {
        if (_pushing.Remove(agent, out var debts))
        {
            debts.ForEach(pay);
        }

        if (_pushNext.Remove(agent, out var next))
        {
            Push(agent, next);
        }
    }
}
