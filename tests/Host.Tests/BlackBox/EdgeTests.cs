using System.Net;
using System.Net.Sockets;
using System.Text;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>Requests that nobody with good intentions sends.</summary>
public sealed class EdgeTests(SharedFleet shared) : IClassFixture<SharedFleet>
{
    private readonly TestFleet _fleet = shared.Fleet;

    private async Task<AgentView> VictimAsync(string id) => await _fleet.AddRunningAsync(new(id, "sleep-forever"));

    private async Task UntouchedAsync(AgentView victim)
    {
        var now = await _fleet.AgentAsync(victim.Id);
        Assert.Equal((victim.Pid, victim.Run, "running"), (now.Pid, now.Run, now.State));
        Assert.Empty(_fleet.Events.Of(victim.Id, "agent.stop-decided"));
    }

    [Fact, Case("D22")]
    public async Task A_write_under_a_foreign_Host_is_refused_before_it_does_anything()
    {
        var victim = await VictimAsync("D22-host");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/agents/{victim.Id}/stop");
        request.Headers.Host = "rebound.example:8558";

        Assert.Equal(HttpStatusCode.Forbidden, (await _fleet.Api.SendAsync(request)).Status);

        await UntouchedAsync(victim);
    }

    [Fact, Case("D22")]
    public async Task A_write_from_a_foreign_Origin_is_refused_before_it_does_anything()
    {
        var victim = await VictimAsync("D22-origin");
        foreach (var origin in new[] { "https://evil.example", "null", "http://127.0.0.1:1" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/agents/{victim.Id}/stop");
            request.Headers.Add("Origin", origin);

            Assert.Equal(HttpStatusCode.Forbidden, (await _fleet.Api.SendAsync(request)).Status);
        }

        await UntouchedAsync(victim);
    }

    [Fact, Case("D22")]
    public async Task A_write_from_the_same_Origin_is_carried_out()
    {
        var agent = await VictimAsync("D22-same");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/agents/{agent.Id}/stop?wait=20s");
        request.Headers.Add("Origin", _fleet.Url.GetLeftPart(UriPartial.Authority));

        Assert.True((await _fleet.Api.SendAsync(request)).Ok);
    }

    [Fact, Case("D22")]
    public async Task A_body_of_a_gibibyte_is_refused_unread()
    {
        var victim = await VictimAsync("D22-body");
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /api/v1/agents/{victim.Id}/messages HTTP/1.1\r\nHost: {_fleet.Url.Authority}\r\nContent-Type: application/json\r\nContent-Length: {1L << 30}\r\n\r\n{{"));

        Assert.StartsWith("HTTP/1.1 413", await FirstLineAsync(socket), StringComparison.Ordinal);
        await UntouchedAsync(victim);
    }

    [Fact, Case("D22")]
    public async Task A_body_that_does_not_tell_its_length_is_cut_off_at_the_limit()
    {
        var victim = await VictimAsync("D22-chunked");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/agents/{victim.Id}/messages")
        {
            Content = new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes("{\"text\":\"" + new string('x', 3 << 20) + "\"}"))),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = true;

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _fleet.Api.SendAsync(request)).Status);
    }

    [Fact, Case("D22")]
    public async Task A_thousand_idle_and_half_said_requests_do_not_keep_others_waiting()
    {
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                sockets.Add(await ConnectAsync());
                if (i % 2 == 0)
                {
                    await sockets[^1].SendAsync("GET /api/v1/status HTTP/1.1\r\nHo"u8.ToArray());
                }
            }

            for (var i = 0; i < 5; i++)
            {
                var answer = await _fleet.Api.GetAsync("/api/v1/status");
                Assert.True(answer.Ok, answer.ToString());
                Assert.InRange(answer.Took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
            }
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Theory, Case("D22")]
    [InlineData("GET / HTTP/9.9\r\n\r\n")]
    [InlineData("GET /api/v1/agents/A%00B HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002")]
    [InlineData("GET /api/v1/agents/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")]
    public async Task Bytes_that_are_no_request_are_refused_and_the_daemon_lives(string bytes)
    {
        using (var socket = await ConnectAsync())
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(bytes));
            socket.Shutdown(SocketShutdown.Send);
            var answer = await FirstLineAsync(socket);
            Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal), answer);
        }

        Assert.True((await _fleet.Api.GetAsync("/api/v1/status")).Ok);
    }

    [Theory, Case("D22")]
    [InlineData("/api/v1/agents/nobody", 404)]
    [InlineData("/api/v1/agents/..%2f..%2fetc", 404)]
    [InlineData("/no/such/route", 404)]
    [InlineData("/api/v1/events?after=minus", 400)]
    [InlineData("/api/v1/agents/nobody/logs?offset=-5", 400, 404)]
    public async Task A_wrong_question_gets_a_problem_document(string path, params int[] statuses)
    {
        var answer = await _fleet.Api.GetAsync(path);

        Assert.Contains((int)answer.Status, statuses);
        Assert.Contains("\"status\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact, Case("D22"), Case("15")]
    public async Task With_a_token_every_request_needs_it()
    {
        var token = $"token-{Guid.NewGuid():N}";
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, token + "\n");
        await using var fleet = await WithTokenAsync(file);
        var request = fleet.Url + "api/v1/status";
        using var http = new HttpClient();

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(request))).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", token + "x");
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(request))).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(request))).StatusCode);
        Assert.Equal(0, (await fleet.CliAsync("status", "--token-file", file)).Exit);
        Assert.NotEqual(0, (await fleet.CliAsync("status")).Exit);
        File.Delete(file);
    }

    [Theory, Case("15")]
    [InlineData("")]
    [InlineData(", tokenFile: /no/such/file")]
    public async Task Off_loopback_without_a_token_the_daemon_refuses_to_start(string token)
    {
        await using var fleet = TestFleet.WithoutDaemon();
        var text = (await File.ReadAllTextAsync(fleet.ConfigFile)).Replace("127.0.0.1:", "0.0.0.0:", StringComparison.Ordinal);
        await File.WriteAllTextAsync(fleet.ConfigFile, System.Text.RegularExpressions.Regex.Replace(text, "(http: \\{ listen: \"[^\"]+\")", "$1" + token));

        var run = await fleet.CliAsync("run", "--config", fleet.ConfigFile);

        Assert.Equal(2, run.Exit);
        Assert.Matches("token ?[fF]ile", run.Stderr + run.Stdout);
    }

    // The harness waits for /ready, which with a token needs it, too.
    private static async Task<TestFleet> WithTokenAsync(string file)
    {
        var fleet = TestFleet.WithoutDaemon(new() { Http = $", tokenFile: {Json.Quote(file)}" });
        try
        {
            await fleet.StartDaemonAsync(bearer: (await File.ReadAllTextAsync(file)).Trim());
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _fleet.Url.Port);
        return socket;
    }

    private static async Task<string> FirstLineAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var bytes = new byte[256];
        try
        {
            return Encoding.Latin1.GetString(bytes, 0, await socket.ReceiveAsync(bytes, limit.Token)).Split('\r')[0];
        }
        catch (SocketException)
        {
            // Closed in our face: an answer as well.
            return "";
        }
    }
}
