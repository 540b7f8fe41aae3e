using System.Globalization;
using Supervisor.Actors.Events;

namespace Supervisor.Host.Endpoints;

public static class EventEndpoints
{
    /// <summary>Where the next page begins; beside it <c>X-End: true</c> when there is none at present.</summary>
    public const string NextHeader = "X-Next-After";
    public const string EndHeader = "X-End";

    private const int MaxLimit = 10_000;

    public static void MapEvents(this IEndpointRouteBuilder api) => api.MapGet("/events", async (
        long? after, int? limit, string? since, string? agent, string? type, HttpContext http, IFleetClient fleet) =>
    {
        if (limit is < 1 or > MaxLimit || after < 0)
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, $"after is 0 or more, and limit from 1 to {MaxLimit}");
        }

        if (!TrySince(since, out var from))
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, $"since is a duration such as 1h or an RFC 3339 time, and not '{since}'");
        }

        var filter = new EntryFilter(from, agent, type);
        if (http.Request.Headers.Accept.Any(a => a?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) == true))
        {
            var last = http.Request.Headers["Last-Event-ID"].FirstOrDefault();
            await EventStream.WriteAsync(http, fleet, filter, long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : after ?? (from is null ? null : 0));
            return Results.Empty;
        }

        var page = await fleet.GetEventsAsync(new EventLogProtocol.GetEvents(after ?? 0, limit ?? 1000, filter), http.RequestAborted);
        http.Response.Headers[NextHeader] = page.Last.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers[EndHeader] = page.End ? "true" : "false";
        return Answers.Document(page.Items);
    }).Produces<IReadOnlyList<EventEntry>>();

    private static bool TrySince(string? text, out DateTimeOffset? since)
    {
        since = null;
        if (text is null)
        {
            return true;
        }

        since = Words.Duration(text) is { } ago ? DateTimeOffset.UtcNow - ago
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
            : null;
        return since is not null;
    }
}
