using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Supervisor.Actors.Common;
using Supervisor.Actors.Outside;
using Supervisor.Actors.Repositories;
using Supervisor.Messages;
using Supervisor.Messages.Repositories;
using static Supervisor.Messages.Repositories.RepositoryProtocol;

namespace Supervisor.Actors.Tests.Repositories;

public sealed class RepositoryActorTests : TestKit
{
    private static readonly RepositoryId App = new("app");
    private static readonly AgentId A1 = new("A1");
    private static readonly AgentId A2 = new("A2");
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly RepositorySettings Settings = new(App, "/app", "", "origin", "main", PushMode.Branch, Every, "/state");
    private static readonly Refusal NoScope = new(RefusalClass.WorkflowScope, true, "no workflow scope");
    private static readonly Refusal Down = new(RefusalClass.Network, false, "Could not resolve host");

    private readonly FakeGit _git = new();
    private readonly TestProbe _events;

    public RepositoryActorTests() : base(ConfigurationFactory.ParseString("""
        akka.loglevel = WARNING
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        """)) => _events = CreateTestProbe();

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    private sealed class Topic(IActorRef listener) : IEventTopic
    {
        public void Publish(object evt) => listener.Tell(evt);
    }

    private IActorRef Start(params AgentId[] existing)
    {
        _git.Existing.Clear();
        _git.Existing.AddRange(existing);
        return Sys.ActorOf(Props.Create(() => new RepositoryActor(Settings, "node", _git, new Topic(_events.Ref))));
    }

    private void Stop(IActorRef actor)
    {
        Watch(actor);
        actor.Tell(PoisonPill.Instance);
        ExpectTerminated(actor, Patience);
        Unwatch(actor);
    }

    private T Answer<T>(IActorRef actor, ICommand command)
    {
        actor.Tell(command, TestActor);
        return ExpectMsg<T>(Patience);
    }

    private T Event<T>() => (T)_events.FishForMessage(e => e is T, Patience);

    private PushDone Push(IActorRef actor, AgentId? agent = null) => Answer<PushDone>(actor, new PushWork(App, agent ?? A1, "ended"));

    private List<object> EventsSoFar()
    {
        // A sentinel instead of a wait: whatever the actor published before its last answer is ahead of it.
        _events.Ref.Tell("end");
        var seen = new List<object>();
        for (var e = _events.ReceiveOne(Patience); e is not (null or "end"); e = _events.ReceiveOne(Patience))
        {
            seen.Add(e);
        }

        return seen;
    }

    [Fact]
    public void A_prepared_workspace_is_told_with_its_folders()
    {
        var ready = Answer<WorkspaceReady>(Start(), new PrepareWorkspace(App, A1));
        Assert.Equal(new WorkspaceReady(App, A1, "/state/worktrees/app/A1", "/app/.git/worktrees/A1"), ready);
    }

    [Fact]
    public void A_clone_that_fails_is_told_and_tried_again_with_the_next_command()
    {
        _git.CloneFails = new GitException("no space left");
        var actor = Start();
        Assert.Equal("no space left", Answer<WorkspaceFailed>(actor, new PrepareWorkspace(App, A1)).Reason);

        _git.CloneFails = null;
        Answer<WorkspaceReady>(actor, new PrepareWorkspace(App, A1));
    }

    [Fact]
    public void Even_a_fault_nobody_expected_is_answered()
    {
        _git.Prepares = _ => throw new InvalidOperationException("a bug");
        Assert.Equal("a bug", Answer<WorkspaceFailed>(Start(), new PrepareWorkspace(App, A1)).Reason);
    }

    [Fact]
    public void An_agent_without_a_worktree_is_no_agent_without_work()
    {
        var actor = Start();
        Answer<PushFailed>(actor, new PushWork(App, A1, "ended"));
        Answer<SaveFailed>(actor, new SaveWork(App, A1, "stalled"));
    }

    [Fact]
    public void A_push_is_stored_told_and_answered_with_what_is_left()
    {
        Assert.Equal(0, Push(Start(A1)).Unpushed);

        Assert.Equal([typeof(WorkCounted), typeof(WorkPushed), typeof(WorkCounted)], EventsSoFar().Select(e => e.GetType()));
    }

    [Fact]
    public void Nothing_pending_means_no_push_at_all()
    {
        _git.Inspects = _ => new WorkInspection("c1", null, 0, 0);
        Assert.Equal(0, Push(Start(A1)).Unpushed);
        Assert.Empty(_git.Pushes);
    }

    [Fact]
    public void A_count_is_told_when_it_changes_and_not_before()
    {
        _git.Inspects = _ => new WorkInspection("c1", null, 3, 0);
        var actor = Start(A1);
        Push(actor);
        Push(actor);
        Assert.Equal(3, Assert.Single(EventsSoFar().OfType<WorkCounted>()).Unpushed);
    }

    [Fact]
    public void Worktrees_found_at_the_start_are_pushed_in_their_rhythm()
    {
        var actor = Start(A1, A2);
        Answer<WorkspaceReady>(actor, new PrepareWorkspace(App, A1)); // the actor is up, its timer set
        Assert.Empty(_git.Pushes);

        Clock.Advance(Every);

        Event<WorkPushed>();
        Event<WorkPushed>();
        Assert.Equal([A1, A2], _git.Pushes.Order(Comparer<AgentId>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value))));
        Assert.Equal(1, _git.MostPushesAtOnce);
    }

    [Fact]
    public void A_permanent_refusal_is_raised_once_and_not_tried_again()
    {
        _git.Pushing = (_, _) => Task.FromResult(FakeGit.Refused("c1", NoScope));
        var actor = Start(A1);

        Assert.Equal(1, Push(actor).Unpushed);
        Push(actor);
        Push(actor);

        Assert.Equal(new PushRefused(App, A1, "c1", RefusalClass.WorkflowScope, true, "no workflow scope", Clock.Now), Assert.Single(EventsSoFar().OfType<PushRefused>()));
        Assert.Single(_git.Pushes);
    }

    [Fact]
    public void Raised_once_survives_a_restart()
    {
        _git.Pushing = (_, _) => Task.FromResult(FakeGit.Refused("c1", NoScope));
        var first = Start(A1);
        Push(first);
        Stop(first);

        Push(Start(A1));

        Assert.Single(EventsSoFar().OfType<PushRefused>());
        Assert.Single(_git.Pushes);
    }

    [Fact]
    public void A_new_commit_is_tried_again()
    {
        _git.Pushing = (_, _) => Task.FromResult(FakeGit.Refused("c1", NoScope));
        var actor = Start(A1);
        Push(actor);

        _git.Inspects = _ => new WorkInspection("c2", null, 1, 1);
        _git.Pushing = (_, _) => Task.FromResult(FakeGit.Pushed("c2"));

        Assert.Equal(0, Push(actor).Unpushed);
        Assert.Equal("c2", Event<WorkPushed>().Commit);
    }

    [Fact]
    public void A_reload_by_the_operator_is_a_reason_to_try_again()
    {
        _git.Pushing = (_, _) => Task.FromResult(FakeGit.Refused("c1", NoScope));
        var actor = Start(A1);
        Push(actor);

        actor.Tell(new RepositoryActor.ApplySettings(Settings), TestActor);
        ExpectMsg<RepositoryActor.SettingsApplied>(Patience);
        _git.Pushing = (_, _) => Task.FromResult(FakeGit.Pushed("c1"));

        Assert.Equal(0, Push(actor).Unpushed);
    }

    [Fact]
    public void Settings_of_another_repository_are_rejected()
    {
        Start().Tell(new RepositoryActor.ApplySettings(Settings with { Id = new RepositoryId("other") }), TestActor);
        ExpectMsg<RepositoryActor.SettingsRejected>(Patience);
    }

    [Fact]
    public void A_new_rhythm_is_kept_at_once()
    {
        var actor = Start(A1);
        actor.Tell(new RepositoryActor.ApplySettings(Settings with { PushEvery = TimeSpan.FromSeconds(30) }), TestActor);
        ExpectMsg<RepositoryActor.SettingsApplied>(Patience);
        Answer<WorkspaceReady>(actor, new PrepareWorkspace(App, A1));

        Clock.Advance(TimeSpan.FromSeconds(30));

        Event<WorkPushed>();
    }

    [Fact]
    public void The_network_is_tried_again_after_ten_seconds_and_then_twenty_and_raised_once()
    {
        _git.Pushing = (_, _) => Task.FromResult(FakeGit.Refused("c1", Down));
        var actor = Start(A1);
        Push(actor);
        Push(actor); // waits: ten seconds have not passed
        Assert.Single(_git.Pushes);

        var tries = CreateTestProbe();
        var answer = FakeGit.Refused("c1", Down);
        _git.Pushing = (_, _) =>
        {
            tries.Ref.Tell("tried");
            return Task.FromResult(answer);
        };
        Clock.Advance(TimeSpan.FromSeconds(10));
        tries.ExpectMsg("tried", Patience);
        Push(actor);
        Assert.Equal(2, _git.Pushes.Count);

        answer = FakeGit.Pushed("c1");
        Clock.Advance(TimeSpan.FromSeconds(19));
        Push(actor);
        Assert.Equal(2, _git.Pushes.Count);

        Clock.Advance(TimeSpan.FromSeconds(1));
        tries.ExpectMsg("tried", Patience);
        Push(actor);
        Assert.Single(EventsSoFar().OfType<PushRefused>());
    }

    [Fact]
    public void What_one_agent_learned_of_a_dead_network_spares_the_others_the_wait()
    {
        _git.Pushing = (_, _) => Task.FromResult(FakeGit.Refused("c1", Down));
        var actor = Start(A1, A2);
        Push(actor, A1);

        Assert.Equal(1, Push(actor, A2).Unpushed);
        Assert.Equal([A1], _git.Pushes);
    }

    [Fact]
    public void A_hung_push_delays_no_snapshot_of_its_own_agent_or_another()
    {
        var hung = new TaskCompletionSource<PushReport>();
        _git.Pushing = (_, _) => hung.Task;
        _git.Saves = (agent, _) => Task.FromResult<Snapshot>(new Snapshot.Saved($"refs/supervisor/rescue/{agent}/t", "s1", ["x was left out"]));
        var actor = Start(A1, A2);
        actor.Tell(new PushWork(App, A1, "ended"), TestActor);
        actor.Tell(new PushWork(App, A2, "ended"), TestActor);

        Assert.Equal("x was left out", Answer<WorkSaved>(actor, new SaveWork(App, A2, "stalled")).Note);
        Answer<WorkSaved>(actor, new SaveWork(App, A1, "stalled"));

        hung.SetResult(FakeGit.Pushed("c1"));
        ExpectMsg<PushDone>(Patience);
        ExpectMsg<PushDone>(Patience);
        Assert.Equal(1, _git.MostPushesAtOnce);
    }

    [Fact]
    public void One_operation_at_a_time_touches_a_worktree()
    {
        var first = new TaskCompletionSource<Snapshot>();
        var calls = 0;
        _git.Saves = (_, _) => Interlocked.Increment(ref calls) == 1 ? first.Task : Task.FromResult<Snapshot>(new Snapshot.Nothing());
        var actor = Start(A1, A2);
        actor.Tell(new SaveWork(App, A1, "stalled"), TestActor);
        actor.Tell(new SaveWork(App, A1, "stopped"), TestActor);
        Push(actor, A2); // a round trip: both commands have been taken
        Assert.True(calls <= 1);

        first.SetResult(new Snapshot.Nothing());
        ExpectMsg<NothingToSave>(Patience);
        ExpectMsg<NothingToSave>(Patience);
        Assert.Equal(2, calls);
    }

    [Fact]
    public void Every_one_who_asks_during_a_push_is_answered_once()
    {
        var slow = new TaskCompletionSource<PushReport>();
        _git.Pushing = (_, _) => slow.Task;
        var actor = Start(A1);
        for (var i = 0; i < 5; i++)
        {
            actor.Tell(new PushWork(App, A1, "ended"), TestActor);
        }

        Answer<NothingToSave>(actor, new SaveWork(App, A1, "a round trip"));
        slow.SetResult(FakeGit.Pushed("c1"));

        for (var i = 0; i < 5; i++)
        {
            ExpectMsg<PushDone>(Patience);
        }

        Assert.Equal(2, _git.Pushes.Count);
    }

    [Fact]
    public void A_snapshot_that_fails_is_told()
    {
        _git.Saves = (_, _) => throw new GitException("disk full");
        Assert.Equal("disk full", Answer<SaveFailed>(Start(A1), new SaveWork(App, A1, "stalled")).Reason);
    }

    [Fact]
    public void Whoever_still_waits_when_the_actor_stops_is_told_so()
    {
        _git.Saves = async (_, cancel) =>
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return new Snapshot.Nothing();
        };
        var actor = Start(A1);
        Answer<WorkspaceReady>(actor, new PrepareWorkspace(App, A1)); // recovered: from here on every command is its own
        actor.Tell(new SaveWork(App, A1, "stalled"), TestActor);
        actor.Tell(PoisonPill.Instance);
        Assert.Equal("repository app is stopping", ExpectMsg<SaveFailed>(Patience).Reason);
    }

    [Fact]
    public void Hundreds_of_events_later_a_restart_still_knows_what_was_refused()
    {
        var n = 0;
        _git.Inspects = _ => new WorkInspection($"c{n}", null, 1, 1);
        _git.Pushing = (_, _) => Task.FromResult(FakeGit.Pushed($"c{n}"));
        var actor = Start(A1, A2);
        for (n = 1; n < RepositoryActor.EventsPerSnapshot; n++)
        {
            Push(actor);
        }

        _git.Pushing = (_, _) => Task.FromResult(FakeGit.Refused($"c{n}", NoScope));
        Push(actor, A2);
        Push(actor);
        Stop(actor);
        var before = _git.Pushes.Count;

        Push(Start(A1, A2), A2);

        Assert.Equal(before, _git.Pushes.Count);
    }
}
