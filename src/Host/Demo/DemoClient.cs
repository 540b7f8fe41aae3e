using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Supervisor.Actors.Events;
using Supervisor.Actors.Serialization;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Demo;

/// <summary>The HTTP API, used as any operator's script uses it.</summary>
internal sealed class DemoClient(int port) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        Timeout = TimeSpan.FromSeconds(15),
    };

    private long _seen;

    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/ready", UriKind.Relative), cancel);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }

    public async Task<IReadOnlyList<AgentStatus>> AgentsAsync(CancellationToken cancel) =>
        await _http.GetFromJsonAsync<List<AgentStatus>>("/api/v1/agents", WireJson.Public, cancel) ?? [];

    /// <summary>The events since the last call.</summary>
    public async Task<IReadOnlyList<EventEntry>> NewEventsAsync(CancellationToken cancel)
    {
        var events = await _http.GetFromJsonAsync<List<EventEntry>>($"/api/v1/events?after={_seen}&limit=1000", WireJson.Public, cancel) ?? [];
        if (events.Count > 0) _seen = events[^1].Seq;
        return events;
    }

    public async Task StopAgentAsync(string agent, CancellationToken cancel)
    {
        using var answer = await _http.PostAsync(new Uri($"/api/v1/agents/{agent}/stop?wait=10s", UriKind.Relative), content: null, cancel);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
