using System.Threading.Channels;

namespace Supervisor.Actors.Events;

/// <summary>What a node's event log answers to its own node. None of it crosses to another.</summary>
public static class EventLogProtocol
{
    public interface IQuery;
    public interface ICommand;
    public interface IReply;

    /// <summary>At most <paramref name="Limit"/> entries after <paramref name="After"/>, oldest first.</summary>
    public sealed record GetEvents(long After, int Limit, EntryFilter Filter) : IQuery;

    /// <param name="Last">The last number looked at: the next page starts after it.</param>
    /// <param name="End">Nothing lies beyond <paramref name="Last"/> at present.</param>
    public sealed record Events(IReadOnlyList<EventEntry> Items, long Last, bool End) : IReply;

    /// <summary>The log could not be read.</summary>
    public sealed record EventsFailed(string Reason) : IReply;

    /// <summary>Every entry from now on; end it with <see cref="Unfollow"/>.</summary>
    public sealed record Follow(Guid Id, EntryFilter Filter) : ICommand;

    /// <param name="After">Entries up to this number come from <see cref="GetEvents"/>, later ones from <paramref name="Live"/>.</param>
    /// <param name="Live">Completed when its reader is too slow: it is never waited for, and catches up from the pages.</param>
    public sealed record Following(long After, ChannelReader<EventEntry> Live) : IReply;
    public sealed record Unfollow(Guid Id) : ICommand;
    public sealed record Unfollowed(Guid Id) : IReply;

    public sealed record GetHealth : IQuery;

    /// <param name="Degraded">Why entries are kept in memory only; null: all is on disk.</param>
    public sealed record Health(long LastSeq, int Unwritten, long Dropped, string? Degraded) : IReply;
}
