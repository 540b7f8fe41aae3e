using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Supervisor.Actors.Events;
using Supervisor.Actors.Outside;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Events;
using static Supervisor.Actors.Events.EventLogProtocol;

namespace Supervisor.Actors.Tests.Events;

public sealed class EventLogActorTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly FakeFiles _files = new();
    private readonly ConcurrentQueue<EventEntry> _recorded = new();

    public EventLogActorTests() : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
    }

    [Fact]
    public async Task Events_are_numbered_written_and_shown()
    {
        var log = StartLog();
        log.Tell(Node("daemon.started"));
        log.Tell(new AgentProtocol.AgentStuck(new AgentId("A1"), 2, ["pid 7"], DateTimeOffset.UnixEpoch));

        var page = await log.Ask<EventLogProtocol.Events>(new GetEvents(0, 100, EntryFilter.All), Limit);
        Assert.Equal([(1L, "daemon.started"), (2L, "agent.stuck")], page.Items.Select(e => (e.Seq, e.Type)));
        Assert.Equal((2L, true), (page.Last, page.End));
        await AwaitConditionAsync(() => Task.FromResult(_files.Written.Count == 2), Limit);
        Assert.Equal([1L, 2], _recorded.Select(e => e.Seq));
    }

    [Fact]
    public async Task Numbers_go_on_where_the_files_end()
    {
        _files.Tail = new EventTail(40, 3);
        var log = StartLog();
        log.Tell(Node("daemon.started"));
        Assert.Equal(41, (await Healthy(log)).LastSeq);
    }

    [Fact]
    public async Task A_page_is_filtered_and_tells_where_the_next_begins()
    {
        var log = StartLog();
        foreach (var (agent, second) in new[] { ("A1", 1), ("A2", 2), ("A1", 3), ("A1", 4) })
        {
            log.Tell(new AgentProtocol.AgentRemoved(new AgentId(agent), DateTimeOffset.UnixEpoch.AddSeconds(second)));
        }

        var page = await log.Ask<EventLogProtocol.Events>(new GetEvents(0, 2, new EntryFilter(Agent: "A1")), Limit);
        Assert.Equal([1L, 3], page.Items.Select(e => e.Seq));
        Assert.False(page.End);
        page = await log.Ask<EventLogProtocol.Events>(new GetEvents(page.Last, 2, new EntryFilter(Agent: "A1")), Limit);
        Assert.Equal([4L], page.Items.Select(e => e.Seq));
        Assert.True(page.End);
    }

    [Fact]
    public async Task A_full_disk_keeps_events_in_memory_until_it_is_writable_again()
    {
        _files.Refuse = "No space left on device";
        var log = StartLog();
        log.Tell(Node("daemon.started"));
        await AwaitConditionAsync(async () => (await Healthy(log)).Degraded == "No space left on device", Limit);
        Assert.Single((await log.Ask<EventLogProtocol.Events>(new GetEvents(0, 10, EntryFilter.All), Limit)).Items);

        _files.Refuse = null;
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(1));
        await AwaitConditionAsync(async () => (await Healthy(log)) is { Degraded: null, Unwritten: 0 }, Limit);
        Assert.Equal([1L], _files.Written.Select(e => e.Seq));
    }

    [Fact]
    public async Task Events_lost_to_a_full_disk_are_counted_and_leave_no_gap()
    {
        _files.Refuse = "No space left on device";
        var log = StartLog();
        for (var i = 0; i < EventBuffer.Capacity + 3; i++)
        {
            log.Tell(Node("daemon.started"));
        }

        await AwaitConditionAsync(async () => (await Healthy(log)) is { Degraded: not null, Dropped: 3 }, Limit);
        _files.Refuse = null;
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(1));
        await AwaitConditionAsync(async () => (await Healthy(log)) is { Unwritten: 0, Dropped: 0, LastSeq: EventBuffer.Capacity + 1 }, Limit);
        Assert.Equal("events.dropped", _files.Written.Last().Type);
        Assert.Equal("3", _files.Written.Last().Data.GetProperty("count").GetString());
    }

    [Fact]
    public async Task A_follower_sees_what_happens_from_now_on()
    {
        var log = StartLog();
        log.Tell(Node("daemon.started"));
        var id = Guid.NewGuid();
        var following = await log.Ask<Following>(new Follow(id, EntryFilter.All), Limit);
        log.Tell(Node("daemon.stopping"));

        Assert.Equal(1, following.After);
        using var limit = new CancellationTokenSource(Limit);
        Assert.Equal(2, (await following.Live.ReadAsync(limit.Token)).Seq);
        await log.Ask<Unfollowed>(new Unfollow(id), Limit);
        await following.Live.Completion.WaitAsync(limit.Token);
    }

    [Fact]
    public async Task A_slow_follower_is_let_go_and_nobody_waits_for_it()
    {
        var log = StartLog();
        var following = await log.Ask<Following>(new Follow(Guid.NewGuid(), EntryFilter.All), Limit);
        for (var i = 0; i < 2000; i++)
        {
            log.Tell(Node("daemon.started"));
        }

        Assert.Equal(2000, (await Healthy(log)).LastSeq);
        var read = 0;
        using var limit = new CancellationTokenSource(Limit);
        await foreach (var _ in following.Live.ReadAllAsync(limit.Token))
        {
            read++;
        }

        Assert.Equal(1024, read);
    }

    [Fact]
    public async Task The_log_is_whole_when_its_actor_has_stopped()
    {
        var log = StartLog();
        log.Tell(Node("daemon.started"));
        log.Tell(Node("daemon.stopping"));
        await log.GracefulStop(Limit);
        Assert.Equal([1L, 2], _files.Written.Select(e => e.Seq));
    }

    private IActorRef StartLog() => Sys.ActorOf(Props.Create(() => new EventLogActor("n1", _files, Ignore, _recorded.Enqueue)));

    private static void Ignore(IActorRef subscriber)
    {
    }

    private static Task<Health> Healthy(IActorRef log) => log.Ask<Health>(new GetHealth(), Limit);

    private static NodeEvent Node(string type) => new(type, null, new Dictionary<string, string>(), []);

    private sealed class FakeFiles : IEventFiles
    {
        private readonly Lock _lock = new();
        public volatile string? Refuse;
        public ConcurrentQueue<EventEntry> Written { get; } = new();
        public EventTail Tail { get; set; } = new(0, 0);

        public EventTail Open() => Tail;

        public void Append(IReadOnlyList<EventEntry> entries)
        {
            lock (_lock)
            {
                if (Refuse is { } reason)
                {
                    throw new IOException(reason);
                }

                foreach (var entry in entries.Where(e => e.Seq > (Written.LastOrDefault()?.Seq ?? Tail.LastSeq)))
                {
                    Written.Enqueue(entry);
                }
            }
        }

        public IEnumerable<EventEntry> Read(long after) => Written.Where(e => e.Seq > after);
    }
}
