using System.Globalization;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Supervisor.Actors.Outside;
using Supervisor.Messages;
using Supervisor.Messages.Events;
using static Supervisor.Actors.Events.EventLogProtocol;

namespace Supervisor.Actors.Events;

/// <summary>
/// Writes every event published in the cluster to this node's log, and shows it to readers and followers.
/// A disk that refuses costs memory, then events, and never the node.
/// </summary>
public sealed class EventLogActor : ReceiveActor, IWithTimers
{
    private sealed record Written(long UpTo);
    private sealed record WriteFailed(string Reason);
    private sealed record Retry;
    private sealed record Follower(EntryFilter Filter, ChannelWriter<EventEntry> Live);

    private const int Remembered = 5000;
    private const int FollowerCapacity = 1024;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<Guid, Follower> _followers = [];
    private readonly string _node;
    private readonly IEventFiles _files;
    private readonly Action<IActorRef> _subscribe;
    private readonly Action<EventEntry> _recorded;
    private readonly RecentEvents _recent = new(Remembered);
    private EventBuffer _buffer = EventBuffer.After(0);
    private bool _writing;

    /// <param name="subscribe">Subscribes this actor to the topic of events.</param>
    /// <param name="recorded">Told of every entry that happened on this node, for the structured log. Called on the actor's thread: it must not block.</param>
    public EventLogActor(string node, IEventFiles files, Action<IActorRef> subscribe, Action<EventEntry> recorded)
    {
        (_node, _files, _subscribe, _recorded) = (node, files, subscribe, recorded);

        Receive<IWireMessage>(Record);
        Receive<Written>(Handle);
        Receive<WriteFailed>(Handle);
        Receive<Retry>(_ => Flush());
        Receive<GetEvents>(Handle);
        Receive<Follow>(Handle);
        Receive<Unfollow>(Handle);
        Receive<GetHealth>(_ => Sender.Tell(new Health(_buffer.Last, _buffer.Pending.Count, _buffer.Dropped, _buffer.Degraded)));
        Receive<SubscribeAck>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var tail = _files.Open();
        _buffer = EventBuffer.After(tail.LastSeq);
        if (tail.TornBytes > 0)
        {
            _log.Warning("The event log ended in a torn line: {Bytes} bytes cut off after entry {Seq}", tail.TornBytes, tail.LastSeq);
        }

        foreach (var entry in _files.Read(Math.Max(0, tail.LastSeq - Remembered))) _recent.Add(entry);
        _subscribe(Self);
    }

    protected override void PostStop()
    {
        foreach (var follower in _followers.Values)
        {
            follower.Live.TryComplete();
        }

        try
        {
            // Waits for a write that is under way, and skips what that has written.
            _files.Append(_buffer.Pending);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Error(e, "{Count} events could not be written before the end: {Reason}", _buffer.Pending.Count, e.Message);
        }
    }

    private void Record(IWireMessage message)
    {
        var from = Sender.Path.Address;
        var node = from.HasLocalScope ? _node : $"{from.Host}:{from.Port}";
        if (EventLines.Describe(message, _buffer.Last + 1, node, Context.System.Scheduler.Now) is not { } entry)
        {
            return;
        }

        if (!_recent.Add(entry))
        {
            return;
        }

        if (_buffer.Full)
        {
            _buffer = _buffer.Drop();
            return;
        }

        _buffer = _buffer.Add(entry);
        Show(entry);
        Flush();
    }

    private void Show(EventEntry entry)
    {
        if (entry.Node == _node)
        {
            _recorded(entry);
        }

        foreach (var (id, follower) in _followers)
        {
            if (follower.Filter.Matches(entry) && !follower.Live.TryWrite(entry))
            {
                follower.Live.TryComplete();
                _followers.Remove(id);
                _log.Warning("A follower of events was too slow and is let go at entry {Seq}", entry.Seq);
            }
        }
    }

    private void Flush()
    {
        if (_writing || _buffer.Pending.IsEmpty || Timers.IsTimerActive(nameof(Retry)))
        {
            return;
        }

        _writing = true;
        var (files, batch) = (_files, _buffer.Next);
        Task.Run(() => files.Append(batch)).PipeTo(Self, Self,
            success: () => new Written(batch[^1].Seq),
            failure: e => new WriteFailed(e.Message));
    }

    private void Handle(Written written)
    {
        _writing = false;
        var (dropped, reason) = (_buffer.Dropped, _buffer.Degraded);
        _buffer = _buffer.Written(written.UpTo);
        if (reason is not null)
        {
            _log.Info("The event log is written again, after: {Reason}", reason);
        }

        if (dropped > 0 && !_buffer.Full)
        {
            _buffer = _buffer with { Dropped = 0 };
            var data = new Dictionary<string, string> { ["count"] = dropped.ToString(CultureInfo.InvariantCulture), ["reason"] = reason ?? "buffer full" };
            Self.Tell(new NodeEvent(NodeEventTypes.EventsDropped, Agent: null, data, []), Self);
        }

        Flush();
    }

    private void Handle(WriteFailed failed)
    {
        _writing = false;
        if (_buffer.Degraded is null)
        {
            _log.Error("The event log cannot be written; events are kept in memory: {Reason}", failed.Reason);
        }

        _buffer = _buffer.Failed(failed.Reason);
        Timers.StartSingleTimer(nameof(Retry), new Retry(), RetryAfter);
    }

    private void Handle(GetEvents query)
    {
        var (files, pending, last) = (_files, _buffer.Pending, _buffer.Last);
        Task.Run(() => EventPages.Read(files, pending, last, query)).PipeTo(Sender, Self,
            failure: e => new EventsFailed(e.Message));
    }

    private void Handle(Follow follow)
    {
        var live = Channel.CreateBounded<EventEntry>(new BoundedChannelOptions(FollowerCapacity) { SingleWriter = true });
        _followers[follow.Id] = new Follower(follow.Filter, live.Writer);
        Sender.Tell(new Following(_buffer.Last, live.Reader));
    }

    private void Handle(Unfollow unfollow)
    {
        if (_followers.Remove(unfollow.Id, out var follower))
        {
            follower.Live.TryComplete();
        }

        Sender.Tell(new Unfollowed(unfollow.Id));
    }
}
