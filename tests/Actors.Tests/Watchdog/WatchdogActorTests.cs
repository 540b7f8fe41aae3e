using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Common;
using Supervisor.Actors.Tests.Common;
using Supervisor.Actors.Watchdog;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Events;
using Supervisor.Messages.Watchdog;
using static Supervisor.Messages.Watchdog.WatchdogProtocol;

namespace Supervisor.Actors.Tests.Watchdog;

public sealed class WatchdogActorTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly LivenessOptions Liveness = new() { StallAfter = TimeSpan.FromSeconds(130), StartWithin = TimeSpan.FromDays(1), OnStall = [StallStep.Resume] };

    private readonly TestProbe _agents;
    private readonly TestProbe _topic;
    private readonly Node _node = new();
    private readonly IActorRef _watchdog;

    public WatchdogActorTests() : base("""
        akka.loglevel = WARNING
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        """)
    {
        (_agents, _topic) = (CreateTestProbe(), CreateTestProbe());
        Action<IActorRef> subscribe = _topic.Ref.Tell;
        _watchdog = Sys.ActorOf(Props.Create(() => new WatchdogActor(_agents.Ref, _node, new Topic(_topic.Ref), subscribe, new LoopMonitor(), new WatchdogOptions { Sweep = Sweep })));
        _node.Now = () => Clock.Now;
        _topic.ExpectMsg(_watchdog, Limit);
    }

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    private sealed class Topic(IActorRef listener) : IEventTopic
    {
        public void Publish(object evt) => listener.Tell(evt);
    }

    /// <summary>Answers every probe as the test has set it.</summary>
    private sealed class Node : IRunnerDirectory
    {
        public Func<DateTimeOffset> Now { get; set; } = () => default;
        public IReadOnlyList<AgentId> Runs { get; set; } = [];
        public ProcessState Process { get; set; } = ProcessState.Alive;

        /// <summary>What was printed, by whether one run alone was asked for.</summary>
        public Func<bool, long> Output { get; set; } = _ => 100;
        public bool Silent { get; set; }
        public List<(DateTimeOffset At, AgentId? Only)> Probes { get; } = [];

        public bool Tell(string node, object message, IActorRef sender)
        {
            var probe = (Probe)message;
            Probes.Add((Now(), probe.Only));
            if (Silent) return true;
            foreach (var run in Runs.Where(r => probe.Only is null || r == probe.Only))
            {
                sender.Tell(new RunSample(run, 1, Process, Process == ProcessState.Alive ? "" : "gone", Output(probe.Only is not null), 0, null, 5, 0, "", null, null, Now(), Now()));
            }

            return true;
        }
    }

    private void Watched(int agents)
    {
        _node.Runs = [.. Enumerable.Range(1, agents).Select(i => new AgentId($"a{i}"))];
        _watchdog.Tell(new WatchFleet([.. _node.Runs.Select(r => new WatchedAgent(r, Liveness))]));
        foreach (var run in _node.Runs) _watchdog.Tell(new AgentProtocol.Announced(run, Status(run)));
        Settle();
    }

    private static AgentStatus Status(AgentId id) => new() { Id = id, Name = "", Kind = AgentKind.Command, State = AgentPhase.Running, Reason = "", Run = 1, Pid = 7, Node = "n1" };

    /// <summary>The watchdog has dealt with all that was told before.</summary>
    private void Settle()
    {
        // Probes are answered within the turn that sends them, and confirmed within the next: two round trips.
        for (var i = 0; i < 3; i++)
        {
            _watchdog.Tell(new Identify(i), TestActor);
            ExpectMsg<ActorIdentity>(Limit);
        }
    }

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            Clock.Advance(Step);
            Settle();
        }
    }

    private List<AgentProtocol.ReportLiveness> Reports() => [.. _agents.SoFar().Cast<AgentProtocol.ReportLiveness>()];

    [Fact]
    public void When_a_whole_fleet_seems_dead_nothing_is_reported_and_one_event_says_so()
    {
        Watched(6);
        _node.Process = ProcessState.Dead;
        Pass(Sweep * 3);
        Assert.Empty(Reports());
        Assert.Equal(NodeEventTypes.MassDeathSuspected, _topic.ExpectMsg<NodeEvent>(Limit).Type);
        Assert.Empty(_topic.SoFar());
    }

    [Fact]
    public void A_dead_one_among_the_few_is_reported()
    {
        Watched(1);
        _node.Process = ProcessState.Dead;
        Pass(Sweep + Step);
        Assert.Equal(LivenessFinding.Dead, Assert.Single(Reports()).Finding);
    }

    [Fact]
    public void A_stall_is_found_at_its_deadline_and_not_at_the_next_sweep()
    {
        Watched(1);
        Pass(TimeSpan.FromSeconds(129));
        Assert.Empty(Reports());
        Pass(TimeSpan.FromSeconds(10));
        var report = Assert.Single(Reports());
        Assert.Equal((LivenessFinding.Stalled, StallStep.Resume), (report.Finding, report.Step));
    }

    [Fact]
    public void A_run_that_moves_at_the_last_look_is_not_ended()
    {
        Watched(1);
        _node.Output = alone => alone ? 200 : 100;
        Pass(TimeSpan.FromSeconds(145));
        Assert.Contains(_node.Probes, p => p.Only is not null);
        Assert.Empty(Reports());
    }

    [Fact]
    public void A_silent_node_proves_nothing_and_is_not_asked_more_often_for_it()
    {
        Watched(1);
        _node.Silent = true;
        Pass(TimeSpan.FromMinutes(10));
        Assert.Empty(Reports());
        Assert.InRange(_node.Probes.Count, 4, 7);
    }

    [Fact]
    public void A_run_that_is_being_stopped_is_left_alone()
    {
        Watched(1);
        _watchdog.Tell(new AgentProtocol.Announced(new AgentId("a1"), Status(new AgentId("a1")) with { State = AgentPhase.Stopping }));
        _node.Process = ProcessState.Dead;
        Pass(Sweep + Step);
        Assert.Empty(Reports());
    }
}
