using Supervisor.Actors.Outside;
using Supervisor.Actors.Repositories;
using Supervisor.Messages;
using Supervisor.Messages.Repositories;
using static Supervisor.Messages.Repositories.RepositoryProtocol;

namespace Supervisor.Actors.Tests.Repositories;

public sealed class RepositoryStateTests
{
    private static readonly RepositoryId App = new("app");
    private static readonly AgentId A1 = new("A1");
    private static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly Refusal Conflict = new(RefusalClass.RebaseConflict, true, "conflict");
    private static readonly Refusal Down = new(RefusalClass.Network, false, "down");

    private static RepositoryState After(params PushReport[] reports) => reports.Aggregate(RepositoryState.New(App), (state, report) =>
    {
        var events = state.Decide(A1, report, T0);
        return events.Count == 0 ? state.Tried(A1, report, T0) : events.Aggregate(state, (s, e) => s.Apply(e));
    });

    private static PushReport Refused(string commit, Refusal refusal) => new(commit, [], refusal, 1);

    [Fact]
    public void Work_safe_on_the_branch_and_refused_by_the_trunk_is_both_told_and_parked()
    {
        var report = new PushReport("c1", [new PushedRef("c1", "refs/heads/agents/A1", 1)], Conflict, 0);

        Assert.Equal([typeof(WorkPushed), typeof(PushRefused)], RepositoryState.New(App).Decide(A1, report, T0).Select(e => e.GetType()));
        Assert.IsType<PushDecision.Parked>(After(report).Decide(A1, "c1", T0));
    }

    [Fact]
    public void A_network_that_stays_down_is_raised_once_and_waits_longer_each_time()
    {
        var state = After(Refused("c1", Down), Refused("c2", Down), Refused("c2", Down));

        Assert.Empty(state.Decide(A1, Refused("c3", Down), T0));
        Assert.Equal(new PushDecision.Wait(T0.AddSeconds(40)), state.Decide(A1, "c3", T0));
    }

    [Fact]
    public void The_same_refusal_of_another_commit_is_raised_again() =>
        Assert.Single(After(Refused("c1", Conflict)).Decide(A1, Refused("c2", Conflict), T0));

    [Fact]
    public void Another_refusal_of_the_same_commit_is_raised() =>
        Assert.Single(After(Refused("c1", Down)).Decide(A1, Refused("c1", Conflict), T0));

    [Fact]
    public void A_push_that_arrived_clears_the_refusal() =>
        Assert.IsType<PushDecision.Push>(After(Refused("c1", Down), FakeGit.Pushed("c1")).Decide(A1, "c1", T0));

    [Fact]
    public void What_stands_is_the_same_after_a_snapshot()
    {
        var state = After(FakeGit.Pushed("c1"), Refused("c2", Conflict)).Apply(new WorkSaved(App, A1, "refs/supervisor/rescue/A1/t", "s1", "stalled", T0));

        Assert.Equal(state.Of(A1), RepositoryState.New(App).Apply(state.ToStanding()).Of(A1));
    }
}
