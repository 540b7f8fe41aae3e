using System.Diagnostics;
using System.Net;

namespace Supervisor.Host.Tests.Harness;

internal sealed record ApiAnswer(HttpStatusCode Status, string Body, TimeSpan Took)
{
    public bool Ok => (int)Status is >= 200 and < 300;
}

/// <summary>The HTTP API, as a script would use it.</summary>
internal sealed class ApiClient(Uri url) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(60) };

    public async Task<ApiAnswer> SendAsync(HttpRequestMessage request)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await _http.SendAsync(request);
        return new ApiAnswer(answer.StatusCode, await answer.Content.ReadAsStringAsync(), watch.Elapsed);
    }

    public async Task<ApiAnswer> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request);
    }

    public async Task<T> GetAsync<T>(string path)
    {
        var answer = await GetAsync(path);
        Assert.True(answer.Ok, $"GET {path}: {answer}");
        return Json.Read<T>(answer.Body);
    }

    /// <summary>Null where there is no such thing yet.</summary>
    public async Task<T?> TryGetAsync<T>(string path) where T : class
    {
        var answer = await GetAsync(path);
        return answer.Ok ? Json.Read<T>(answer.Body) : null;
    }

    /// <summary>A request that must succeed.</summary>
    public async Task<ApiAnswer> PostAsync(string path, string? json = null)
    {
        var answer = await TryPostAsync(path, json);
        Assert.True(answer.Ok, $"POST {path}: {answer}");
        return answer;
    }

    public async Task<ApiAnswer> TryPostAsync(string path, string? json = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
        };
        return await SendAsync(request);
    }

    /// <summary>An agent's output, byte for byte; empty where it has none yet.</summary>
    public async Task<byte[]> LogAsync(string agent, long run, string stream = "stdout")
    {
        using var answer = await _http.GetAsync(new Uri($"/api/v1/agents/{agent}/logs?run={run}&stream={stream}", UriKind.Relative));
        return answer.StatusCode == HttpStatusCode.NotFound ? [] : await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
    }

    public void Dispose() => _http.Dispose();
}
