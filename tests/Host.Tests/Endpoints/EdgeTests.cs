using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Supervisor.Actors.Common;
using Supervisor.Host.Configuration;
using Supervisor.Host.Endpoints;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Tests.Endpoints;

public sealed class EdgeTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private Edge _edge = null!;

    private HttpClient Http => _edge.Http;
    private FakeFleet Fleet => _edge.Fleet;

    public async Task InitializeAsync() => _edge = await Edge.StartAsync();

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task Agents_are_shown_as_the_contract_says()
    {
        Assert.Equal(
            """[{"id":"A1","name":"A1","kind":"command","state":"running","reason":"started","run":3,"pid":null,"adopted":false,"startedAt":"2026-11-23T12:00:00.000Z","restarts":0,"failures":0,"nextStartAt":null,"lastExit":null,"lastOutputAt":null,"node":"n1","epoch":0,"session":null,"model":null,"spentTodayUsd":"0.00","unpushed":0,"changePending":false}]""",
            await Http.GetStringAsync("/api/v1/agents"));
    }

    [Fact]
    public async Task The_status_has_every_key_of_the_contract()
    {
        using var status = JsonDocument.Parse(await Http.GetStringAsync("/api/v1/status"));
        Assert.Equal(["node", "version", "startedAt", "ready", "degraded", "cluster", "agents", "budgets", "repairs", "pipelines", "alerts"],
            status.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("""{"total":1,"states":{"running":1}}""", status.RootElement.GetProperty("agents").GetRawText());
    }

    [Fact]
    public async Task An_agent_in_trouble_degrades_the_status()
    {
        Fleet.Add("A2", AgentPhase.CrashLoop);
        using var status = JsonDocument.Parse(await Http.GetStringAsync("/api/v1/status"));
        Assert.Equal("A2 is crash-loop: started", status.RootElement.GetProperty("degraded")[0].GetString());
    }

    [Theory]
    [InlineData("/api/v1/agents/A1", "\"id\":\"A1\"")]
    [InlineData("/api/v1/agents/A1/runs", "\"run\":3")]
    [InlineData("/api/v1/agents/A1/why", "\"pid 7\"")]
    [InlineData("/api/v1/config/diff", "\"added\":[\"A9\"]")]
    [InlineData("/openapi/v1.json", "/api/v1/agents/{id}/why")]
    [InlineData("/metrics", "supervisor_agent_state{agent=\"A1\",state=\"running\"} 1")]
    public async Task A_document_is_there(string path, string part) =>
        Assert.Contains(part, await Http.GetStringAsync(path), StringComparison.Ordinal);

    [Theory]
    [InlineData("GET", "/api/v1/agents/B7", 404)]
    [InlineData("POST", "/api/v1/agents/B7/stop", 404)]
    [InlineData("GET", "/api/v1/agents/..%2f..%2fetc/logs", 404)]
    [InlineData("GET", "/api/v1/agents/A1%0a/logs", 404)]
    [InlineData("GET", "/api/v1/nothing", 404)]
    [InlineData("DELETE", "/api/v1/agents/A1", 405)]
    [InlineData("GET", "/api/v1/agents/A1/logs?run=0", 400)]
    [InlineData("GET", "/api/v1/agents/A1/logs?run=x", 400)]
    [InlineData("GET", "/api/v1/agents/A1/logs?stream=../exit.json", 400)]
    [InlineData("GET", "/api/v1/agents/A1/logs?run=99", 404)]
    [InlineData("GET", "/api/v1/events?limit=0", 400)]
    [InlineData("GET", "/api/v1/events?since=yesterday", 400)]
    [InlineData("POST", "/api/v1/agents/A1/start?wait=soon", 400)]
    [InlineData("POST", "/api/v1/agents/A1/messages", 400)]
    public async Task A_mistake_is_a_problem_document(string method, string path, int status)
    {
        using var answer = await Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_fleet_that_does_not_answer_is_a_504()
    {
        Fleet.Silent = true;
        using var answer = await Http.GetAsync("/api/v1/agents");
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
    }

    [Fact]
    public async Task A_command_is_accepted_with_the_agent()
    {
        using var answer = await Http.PostAsync("/api/v1/agents/A1/stop", null);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Contains("\"state\":\"stopped\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_agent_refuses_is_a_conflict()
    {
        using var answer = await Http.PostAsync("/api/v1/agents/A1/messages", new StringContent("""{"text":"hello"}"""));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("takes no messages", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_a_restart_ends_with_the_next_run()
    {
        Fleet.Slow = true;
        var answer = Http.PostAsync("/api/v1/agents/A1/restart?wait=20s", null);
        await Eventually(() => !Fleet.Commands.IsEmpty);
        Fleet.Move("A1", AgentPhase.Starting, 4);
        Assert.False(answer.IsCompleted);
        Fleet.Move("A1", AgentPhase.Running, 4);
        using var response = await answer.WaitAsync(Limit);
        Assert.Equal("reached", response.Headers.GetValues(AgentCommandEndpoints.WaitHeader).Single());
        Assert.Equal(0, Fleet.Followers);
    }

    [Fact]
    public async Task A_wait_that_takes_too_long_says_so()
    {
        Fleet.Slow = true;
        using var response = await Http.PostAsync("/api/v1/agents/A1/stop?wait=50ms", null);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("timed-out", response.Headers.GetValues(AgentCommandEndpoints.WaitHeader).Single());
    }

    [Fact]
    public async Task Output_is_the_bytes_from_an_offset_on()
    {
        _edge.Output("A1", 3, "stdout", "one\ntwo\u0000\n");
        using var answer = await Http.GetAsync("/api/v1/agents/A1/logs?offset=4");
        Assert.Equal("two\u0000\n", await answer.Content.ReadAsStringAsync());
        Assert.Equal("9", answer.Headers.GetValues(LogEndpoints.NextOffsetHeader).Single());
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("", await Http.GetStringAsync("/api/v1/agents/A1/logs?offset=1000"));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "three\n")]
    [InlineData(2, "two\nthree\n")]
    [InlineData(9, "one\ntwo\nthree\n")]
    public async Task The_tail_is_whole_lines(int lines, string text)
    {
        _edge.Output("A1", 3, "stderr", "one\ntwo\nthree\n");
        Assert.Equal(text, await Http.GetStringAsync($"/api/v1/agents/A1/logs?stream=stderr&tail={lines}"));
    }

    [Fact]
    public async Task Followed_output_grows_until_the_run_has_ended()
    {
        var run = _edge.Output("A1", 3, "stdout", "one\n");
        using var answer = await Http.GetAsync("/api/v1/agents/A1/logs?follow=true", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("one", await reader.ReadLineAsync().WaitAsync(Limit));
        await File.AppendAllTextAsync(Path.Combine(run, "stdout"), "two\n");
        Assert.Equal("two", await reader.ReadLineAsync().WaitAsync(Limit));
        await File.WriteAllTextAsync(Path.Combine(run, "exit.json"), "{}");
        Assert.Null(await reader.ReadLineAsync().WaitAsync(Limit));
    }

    [Fact]
    public async Task Output_on_another_node_is_asked_for_there()
    {
        Fleet.Add("A2", node: "n2");
        using var answer = await Http.GetAsync("/api/v1/agents/A2/logs");
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        Assert.Contains("\"node\":\"n2\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_come_in_pages()
    {
        Happen("A1", "A2", "A1");
        using var answer = await Http.GetAsync("/api/v1/events?after=1&agent=A1");
        using var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(3, page.RootElement.EnumerateArray().Single().GetProperty("seq").GetInt64());
        Assert.Equal("3", answer.Headers.GetValues(EventEndpoints.NextHeader).Single());
    }

    [Fact]
    public async Task A_stream_of_events_resumes_where_it_broke_and_goes_on()
    {
        Happen("A1", "A2", "A3");
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Headers.Add("Last-Event-ID", "1");
        using var answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(["2", "3"], [await NextIdAsync(reader), await NextIdAsync(reader)]);
        Happen("A4");
        Assert.Equal("4", await NextIdAsync(reader));
        Fleet.DropFollowers();
        Assert.Contains("gap", await reader.ReadToEndAsync().WaitAsync(Limit), StringComparison.Ordinal);
        await Eventually(() => Fleet.Followers == 0);
    }

    [Fact]
    public async Task A_reload_with_errors_is_refused_with_each_of_them()
    {
        Fleet.Reload = new ReloadOutcome.Refused(["fleet.yaml:3:5: unknown key"]);
        using var answer = await Http.PostAsync("/api/v1/config/reload", null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("fleet.yaml:3:5: unknown key", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_late_loop_makes_the_node_unready_and_not_dead()
    {
        _edge.Services.GetRequiredService<LoopMonitor>().Register("watchdog", TimeSpan.FromSeconds(1), DateTimeOffset.UtcNow.AddMinutes(-1));
        using var ready = await Http.GetAsync("/ready");
        Assert.Equal(HttpStatusCode.InternalServerError, ready.StatusCode);
        Assert.StartsWith("Not Healthy: the loop watchdog is late by", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("OK", await Http.GetStringAsync("/alive"));
        Assert.Equal("OK", await Http.GetStringAsync("/startup"));
    }

    [Fact]
    public async Task A_node_that_is_not_up_is_not_ready()
    {
        Assert.Equal("OK", await Http.GetStringAsync("/ready"));
        Fleet.Current = Fleet.Current with { SelfStatus = "Joining" };
        Assert.Equal(HttpStatusCode.InternalServerError, (await Http.GetAsync("/ready")).StatusCode);
    }

    [Fact]
    public async Task A_foreign_origin_is_refused_before_anything_happens_and_is_audited()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/agents/A1/stop");
        request.Headers.Add("Origin", "http://evil.example");
        using var answer = await Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(Fleet.Commands);
        var audit = Assert.Single(Fleet.Published);
        Assert.Equal(("audit.refused", "403", "/api/v1/agents/A1/stop"), (audit.Type, audit.Data["status"], audit.Data["path"]));
    }

    [Fact]
    public async Task A_body_that_hides_its_length_is_refused_before_anything_happens()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/agents/A1/stop") { Content = new StreamContent(new MemoryStream(new byte[(1 << 20) + 1])) };
        request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.ContentLength = null;
        using var answer = await Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Empty(Fleet.Commands);
    }

    [Fact]
    public async Task A_thousand_idle_connections_starve_nobody()
    {
        var idle = new List<Socket>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, Http.BaseAddress!.Port);
                await socket.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n"));
            }

            using var limit = new CancellationTokenSource(Limit);
            Assert.Contains("\"ready\":true", await Http.GetStringAsync("/api/v1/status", limit.Token), StringComparison.Ordinal);
        }
        finally
        {
            idle.ForEach(s => s.Dispose());
        }
    }

    private static async Task<string> NextIdAsync(StreamReader reader)
    {
        while (true)
        {
            var line = await reader.ReadLineAsync().WaitAsync(Limit) ?? throw new InvalidOperationException("the stream ended");
            if (line.StartsWith("id:", StringComparison.Ordinal))
            {
                return line[3..];
            }
        }
    }

    private static async Task Eventually(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private void Happen(params string[] agents)
    {
        foreach (var agent in agents)
        {
            Fleet.Happen(new AgentProtocol.AgentRemoved(new AgentId(agent), DateTimeOffset.UtcNow));
        }
    }
}
