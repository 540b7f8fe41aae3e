using System.Text;
using Supervisor.Actors.Events;

namespace Supervisor.Host.Endpoints;

/// <summary>The event log as server-sent events: what is past from its pages, then what happens, without a gap between.</summary>
public static class EventStream
{
    private const int Page = 500;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <param name="after">Null: only what happens from now on.</param>
    public static async Task WriteAsync(HttpContext http, IFleetClient fleet, EntryFilter filter, long? after)
    {
        var cancel = http.RequestAborted;
        var follow = new EventLogProtocol.Follow(Guid.NewGuid(), filter);
        var following = await fleet.FollowAsync(follow, cancel);
        try
        {
            await Sse.BeginAsync(http);
            var seen = after ?? following.After;
            for (var end = seen >= following.After; !end;)
            {
                var page = await fleet.GetEventsAsync(new EventLogProtocol.GetEvents(seen, Page, filter), cancel);
                foreach (var entry in page.Items)
                {
                    await WriteAsync(http, entry);
                }

                (seen, end) = (page.Last, page.End || page.Last >= following.After);
            }

            while (await NextAsync(http, following, cancel))
            {
                while (following.Live.TryRead(out var entry))
                {
                    // The pages may have shown it already.
                    if (entry.Seq > seen)
                    {
                        await WriteAsync(http, entry);
                    }
                }
            }

            await Sse.CommentAsync(http, "gap: this reader was too slow; connect again with Last-Event-ID");
        }
        finally
        {
            await fleet.UnfollowAsync(follow.Id);
        }
    }

    private static Task WriteAsync(HttpContext http, EventEntry entry) =>
        Sse.EventAsync(http, $"{entry.Seq}", type: null, Encoding.UTF8.GetString(EventLines.Write(entry)));

    private static async Task<bool> NextAsync(HttpContext http, EventLogProtocol.Following following, CancellationToken cancel)
    {
        var more = following.Live.WaitToReadAsync(cancel).AsTask();
        while (await Task.WhenAny(more, Task.Delay(Heartbeat, cancel)) != more)
        {
            cancel.ThrowIfCancellationRequested();
            await Sse.CommentAsync(http, "");
        }

        return await more;
    }
}
