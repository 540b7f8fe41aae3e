using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Common;
using Supervisor.Actors.Tests.Common;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Fleet;
using static Supervisor.Messages.Agents.AgentProtocol;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Tests.Agents;

/// <summary>The record's wiring: journal before effect, timers, recovery. Its rules are tested without it.</summary>
public sealed class AgentActorTests : TestKit
{
    private static readonly AgentId A1 = new("A1");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TestProbe _runners;
    private readonly TestProbe _events;
    private readonly TestProbe _fleet;
    private readonly Nodes _nodes;

    public AgentActorTests() : base("""
        akka.loglevel = WARNING
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        """)
    {
        (_runners, _events, _fleet) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _nodes = new Nodes(_runners.Ref);
    }

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    private sealed class Topic(IActorRef listener) : IEventTopic
    {
        public void Publish(object evt) => listener.Tell(evt);
    }

    private sealed class Nodes(IActorRef runners) : IRunnerDirectory
    {
        public volatile bool Up = true;

        public bool Tell(string node, object message, IActorRef sender)
        {
            if (Up) runners.Tell(message, sender);
            return Up;
        }
    }

    private IActorRef Start(AgentId? id = null)
    {
        var agent = id ?? A1;
        var record = Sys.ActorOf(Props.Create(() => new AgentActor(agent, new Topic(_events.Ref), _nodes, _fleet.Ref, new Random(1))));
        _fleet.ExpectMsg<FleetProtocol.AskConfiguration>(Limit);
        return record;
    }

    private static Configure Wish(AgentId? id = null) => new(id ?? A1, Scene.Spec(), Hold.None, "", "n1");

    private AgentStatus StatusOf(IActorRef record)
    {
        record.Tell(new GetStatus(A1), TestActor);
        return ExpectMsg<AgentProtocol.Status>(Limit).Agent;
    }

    private T ToRunner<T>() => (T)_runners.FishForMessage(m => m is T, Limit);

    private T Event<T>() => (T)_events.FishForMessage(m => m is T, Limit);

    private IActorRef Running()
    {
        var record = Start();
        record.Tell(Wish());
        ToRunner<StartRun>();
        record.Tell(new RunBegan(A1, 1, 7, false, Clock.Now), _runners.Ref);
        Event<AgentStarted>();
        return record;
    }

    private void Kill(IActorRef record)
    {
        Watch(record);
        record.Tell(PoisonPill.Instance);
        ExpectTerminated(record, Limit);
    }

    [Fact]
    public void The_runner_is_told_of_a_run_that_is_already_published_from_the_journal()
    {
        var record = Start();
        record.Tell(Wish());
        ToRunner<StartRun>();
        // What is published has been persisted, and it was published before the runner was told.
        Assert.Single(_events.SoFar().OfType<RunDecided>());
        Kill(record);
        record = Start();
        record.Tell(Wish());
        Assert.Equal(1, ToRunner<AdoptRun>().Run);
        Assert.Equal(1, StatusOf(record).Run);
    }

    [Fact]
    public void A_recovered_record_says_again_what_it_is()
    {
        var record = Running();
        StatusOf(record);
        Kill(record);
        _events.SoFar();
        Start();
        Assert.Equal(AgentPhase.Running, Event<Announced>().Agent.State);
    }

    [Fact]
    public void The_runner_may_forget_a_run_once_its_end_is_stored()
    {
        var record = Running();
        record.Tell(new RunEnded(A1, new RunExit(1, 1, null, EndedBy.Agent, "exit 1", Clock.Now)), _runners.Ref);
        ToRunner<ForgetRun>();
        Event<AgentExited>();
        record.Tell(new RunEnded(A1, new RunExit(1, 1, null, EndedBy.Agent, "exit 1", Clock.Now)), _runners.Ref);
        Assert.Equal(1, ToRunner<ForgetRun>().Run);
    }

    [Fact]
    public void A_planned_start_comes_at_its_time_and_not_before()
    {
        var record = Running();
        record.Tell(new RunEnded(A1, new RunExit(1, 1, null, EndedBy.Agent, "exit 1", Clock.Now)), _runners.Ref);
        Event<RestartPlanned>();
        Assert.Equal(AgentPhase.Backoff, StatusOf(record).State);
        Clock.Advance(TimeSpan.FromMilliseconds(900));
        Assert.Equal((1L, AgentPhase.Backoff), (StatusOf(record).Run, StatusOf(record).State));
        Clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(2, ToRunner<StartRun>().Run);
    }

    [Fact]
    public void A_backoff_survives_a_restart_with_what_was_left_of_it()
    {
        var record = Running();
        record.Tell(new RunEnded(A1, new RunExit(1, 1, null, EndedBy.Agent, "exit 1", Clock.Now)), _runners.Ref);
        Event<RestartPlanned>();
        StatusOf(record);
        Kill(record);
        Clock.Advance(TimeSpan.FromMilliseconds(600));
        record = Start();
        record.Tell(Wish());
        Assert.Equal((AgentPhase.Backoff, 1), (StatusOf(record).State, StatusOf(record).Failures));
        Clock.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(AgentPhase.Backoff, StatusOf(record).State);
        Clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(2, ToRunner<StartRun>().Run);
    }

    [Fact]
    public void An_agent_that_survives_SIGKILL_is_shown_as_stuck_gets_no_copy_and_disturbs_nobody()
    {
        var record = Running();
        record.Tell(new Restart(A1, "ann", "try"), TestActor);
        ExpectMsg<Accepted>(Limit);
        record.Tell(new RunIsStuck(A1, 1, ["in the kernel"]), _runners.Ref);
        Assert.Equal(["in the kernel"], Event<AgentStuck>().Evidence);
        record.Tell(new AgentProtocol.Start(A1, "ann"), TestActor);
        ExpectMsg<Rejected>(Limit);
        Assert.Equal((1L, AgentPhase.Stuck), (StatusOf(record).Run, StatusOf(record).State));

        var sibling = Start(new AgentId("A2"));
        sibling.Tell(Wish(new AgentId("A2")));
        Assert.Equal("A2", ToRunner<StartRun>().AgentId.Value);
    }

    [Fact]
    public void An_agent_that_nobody_describes_is_not_found()
    {
        var record = Start();
        record.Tell(new GetStatus(A1), TestActor);
        record.Tell(new NotFound(A1), _fleet.Ref);
        ExpectMsg<NotFound>(Limit);
        record.Tell(new AgentProtocol.Start(A1, "ann"), TestActor);
        ExpectMsg<NotFound>(Limit);
    }

    [Fact]
    public void A_run_of_an_agent_that_nobody_describes_any_more_is_ended()
    {
        Kill(Running());
        var record = Start();
        record.Tell(new NotFound(A1), _fleet.Ref);
        Assert.Equal(1, ToRunner<StopRun>().Run);
    }

    [Fact]
    public void A_run_on_a_lost_node_is_suspect_until_the_node_is_back()
    {
        Kill(Running());
        _nodes.Up = false;
        var record = Start();
        record.Tell(Wish());
        Event<AgentSuspect>();
        Assert.Equal(AgentPhase.Suspect, StatusOf(record).State);
        _nodes.Up = true;
        record.Tell(Wish());
        ToRunner<AdoptRun>();
        record.Tell(new RunBegan(A1, 1, 7, true, Clock.Now), _runners.Ref);
        Event<AgentStarted>();
        Assert.Equal((1L, AgentPhase.Running), (StatusOf(record).Run, StatusOf(record).State));
    }

    [Fact]
    public void A_message_to_a_session_that_ends_meanwhile_is_answered()
    {
        var record = Running();
        record.Tell(new SendText(A1, "hello", "ann"), TestActor);
        ToRunner<SendToRun>();
        record.Tell(new RunEnded(A1, new RunExit(1, 1, null, EndedBy.Agent, "exit 1", Clock.Now)), _runners.Ref);
        Assert.Equal("its process has ended", ExpectMsg<Rejected>(Limit).Reason);
    }
}
