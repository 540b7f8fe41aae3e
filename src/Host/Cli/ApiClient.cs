using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Supervisor.Host.Cli;

/// <summary>The daemon, over HTTP. Every failure is a <see cref="CliException"/> with the status of cli.md.</summary>
public sealed class ApiClient : IDisposable
{
    public const string DefaultUrl = "http://127.0.0.1:8558";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;

    public ApiClient(Uri url, string? token)
    {
        // A proxy of the environment is for the outside world, and the token is not for it.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = url,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public void Dispose() => _http.Dispose();

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancel) => (await SendAsync(HttpMethod.Get, path, null, Patience, cancel)).Document;

    public async Task<(JsonElement Document, HttpResponseHeaders Headers)> SendAsync(HttpMethod method, string path, string? body, TimeSpan patience, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            using var answer = await OpenAsync(method, path, body, null, limit.Token);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(limit.Token));
            return (document.RootElement.Clone(), answer.Headers);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new CliException(ExitCodes.Unreachable, $"the daemon at {_http.BaseAddress} did not answer within {patience.TotalSeconds:0} s");
        }
        catch (JsonException)
        {
            throw new CliException(ExitCodes.Unreachable, $"what answers at {_http.BaseAddress} is no supervisor: it sent no JSON");
        }
    }

    /// <summary>The answer as soon as its headers are there.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, string? body, Action<HttpRequestHeaders>? headers, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        headers?.Invoke(request.Headers);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException e)
        {
            throw new CliException(ExitCodes.Unreachable, $"the daemon at {_http.BaseAddress} cannot be reached: {e.Message}");
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw Failure(answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel));
        }
    }

    private static CliException Failure(HttpStatusCode status, string body)
    {
        var text = $"the daemon answered {(int)status}";
        try
        {
            using var problem = JsonDocument.Parse(body);
            if (problem.RootElement.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array)
            {
                text = string.Join('\n', errors.EnumerateArray().Select(e => e.ToString()));
            }
            else if (problem.RootElement.TryGetProperty("detail", out var detail) || problem.RootElement.TryGetProperty("title", out detail))
            {
                text = detail.ToString();
            }
        }
        catch (JsonException)
        {
            // Not ours; the status alone has to do.
        }

        return new CliException(status switch
        {
            HttpStatusCode.NotFound => ExitCodes.NotFound,
            HttpStatusCode.Conflict => ExitCodes.Conflict,
            HttpStatusCode.GatewayTimeout => ExitCodes.TimedOut,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed
                or HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => ExitCodes.Usage,
            _ => ExitCodes.Failed,
        }, text);
    }
}
