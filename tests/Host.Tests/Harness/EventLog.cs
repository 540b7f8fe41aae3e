using System.Net.Http.Headers;

namespace Supervisor.Host.Tests.Harness;

/// <summary>Follows the daemon's event stream in the background, over its restarts, and lets a test wait for what it will say.</summary>
internal sealed class EventLog : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<EventView> _events = [];
    private readonly Task _reading;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventLog(Uri url)
    {
        _http = new HttpClient { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        _reading = ReadAsync(_stop.Token);
    }

    public IReadOnlyList<EventView> All
    {
        get { lock (_lock) { return [.. _events]; } }
    }

    public IReadOnlyList<EventView> Of(string agent, string? type = null) => [.. All.Where(e => e.Agent == agent && (type is null || e.Type == type))];

    /// <summary>Completes with the next event, whatever it is.</summary>
    public Task Changed
    {
        get { lock (_lock) { return _changed.Task; } }
    }

    /// <summary>The first event that fits, past or to come.</summary>
    public async Task<EventView> FirstAsync(string agent, string type, Func<EventView, bool>? where = null, TimeSpan? within = null) =>
        (await AtLeastAsync(1, agent, type, where, within))[0];

    public async Task<IReadOnlyList<EventView>> AtLeastAsync(int count, string agent, string type, Func<EventView, bool>? where = null, TimeSpan? within = null)
    {
        IReadOnlyList<EventView> found = [];
        await WaitAsync(
            () => (found = [.. Of(agent, type).Where(e => where is null || where(e))]).Count >= count,
            () => $"{count} x {type} of {agent}; its events:\n{string.Join('\n', Of(agent))}",
            within);
        return found;
    }

    /// <summary>Waits, looking again after each event.</summary>
    public async Task WaitAsync(Func<bool> condition, Func<string> what, TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? Eventually.Patience);
        while (true)
        {
            var changed = Changed;
            if (condition())
            {
                return;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not within {(within ?? Eventually.Patience).TotalSeconds:0.0} s: {what()}");
            }
        }
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stop);
                await pause.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        lock (_lock)
        {
            request.Headers.Add("Last-Event-ID", (_events.Count == 0 ? 0 : _events[^1].Seq).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            answer.EnsureSuccessStatusCode();
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
            while (await reader.ReadLineAsync(stop) is { } line)
            {
                if (line.StartsWith("data:", StringComparison.Ordinal))
                {
                    Append(Json.Read<EventView>(line["data:".Length..]));
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The daemon is down or on its way up; the next round asks again.
        }
    }

    private void Append(EventView @event)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (_events.Count > 0 && @event.Seq <= _events[^1].Seq)
            {
                return;
            }

            _events.Add(@event);
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _http.Dispose();
        _stop.Dispose();
    }
}
