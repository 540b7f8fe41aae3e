using System.Net;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Supervisor.Host.Endpoints;

namespace Supervisor.Host.Tests.Endpoints;

/// <summary>Akka Management's contract, over a cluster of one.</summary>
public sealed class ClusterEndpointsTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private ActorSystem _system = null!;
    private Edge _edge = null!;
    private string _self = "";

    public async Task InitializeAsync()
    {
        _system = ActorSystem.Create("sup", """
            akka { loglevel = OFF, actor.provider = cluster, cluster.roles = [worker], remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 } }
            """);
        var up = new TaskCompletionSource();
        var cluster = Cluster.Get(_system);
        cluster.RegisterOnMemberUp(up.SetResult);
        cluster.Join(cluster.SelfAddress);
        await up.Task.WaitAsync(Limit);
        _self = cluster.SelfAddress.ToString();
        _edge = await Edge.StartAsync(services: s => s.AddSingleton(_system));
    }

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _system.Terminate();
    }

    [Fact]
    public async Task The_members_document_is_akka_managements()
    {
        using var document = JsonDocument.Parse(await _edge.Http.GetStringAsync("/cluster/members"));
        var root = document.RootElement;
        Assert.Equal(["selfNode", "members", "unreachable", "leader", "oldest", "oldestPerRole"], root.EnumerateObject().Select(p => p.Name));
        var member = root.GetProperty("members")[0];
        Assert.Equal(_self, member.GetProperty("node").GetString());
        Assert.Equal(JsonValueKind.String, member.GetProperty("nodeUid").ValueKind);
        Assert.Equal("Up", member.GetProperty("status").GetString());
        Assert.Equal(_self, root.GetProperty("oldestPerRole").GetProperty("worker").GetString());
    }

    [Fact]
    public async Task A_member_is_found_by_every_form_of_its_address()
    {
        foreach (var form in new[] { _self, _self["akka.tcp://".Length..], Uri.EscapeDataString(_self) })
        {
            Assert.Contains(_self, await _edge.Http.GetStringAsync($"/cluster/members/{form}"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/cluster/members/sup@127.0.0.1:1", null, 404, "Member [sup@127.0.0.1:1] not found")]
    [InlineData("DELETE", "/cluster/members/sup@127.0.0.1:1", null, 404, "Member [sup@127.0.0.1:1] not found")]
    [InlineData("PUT", "/cluster/members/sup@127.0.0.1:1", "down", 404, "Member [sup@127.0.0.1:1] not found")]
    [InlineData("PUT", "/cluster/members/SELF", "explode", 400, "Operation not supported")]
    [InlineData("PUT", "/cluster", "prepare-for-full-shutdown", 400, "Operation not supported")]
    [InlineData("GET", "/cluster/shards/agent", null, 404, "Shard Region agent is not started")]
    public async Task What_cannot_be_done_is_said_in_a_message(string method, string path, string? operation, int status, string message)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("SELF", _self, StringComparison.Ordinal));
        if (operation is not null)
        {
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("operation", operation)]);
        }

        using var answer = await _edge.Http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(message, document.RootElement.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_member_leaves_when_told()
    {
        var removed = new TaskCompletionSource();
        Cluster.Get(_system).RegisterOnMemberRemoved(removed.SetResult);
        var request = new HttpRequestMessage(HttpMethod.Put, $"/cluster/members/{_self}") { Content = new FormUrlEncodedContent([KeyValuePair.Create("operation", "LEAVE")]) };
        using var answer = await _edge.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal($$"""{"message":"Leaving {{_self}}"}""", await answer.Content.ReadAsStringAsync());
        await removed.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task Domain_events_begin_with_the_present_state()
    {
        using var answer = await _edge.Http.GetAsync("/cluster/domain-events?type=MemberUp&type=Nonsense", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var data = await reader.ReadLineAsync().WaitAsync(Limit);
        Assert.StartsWith("data:{\"type\":\"MemberUp\",\"member\":{\"dataCenter\":\"default\",\"roles\":[\"worker\"],\"status\":\"Up\",\"uniqueAddress\":{\"address\":\"" + _self, data, StringComparison.Ordinal);
        Assert.Equal("event:MemberUp", await reader.ReadLineAsync().WaitAsync(Limit));
    }

    [Fact]
    public async Task Seed_nodes_have_a_numeric_uid()
    {
        using var document = JsonDocument.Parse(await _edge.Http.GetStringAsync("/bootstrap/seed-nodes"));
        Assert.Equal(JsonValueKind.Number, document.RootElement.GetProperty("seedNodes")[0].GetProperty("nodeUid").ValueKind);
        Assert.Equal("""{"entityTypeKeys":[]}""", await _edge.Http.GetStringAsync("/cluster/shards"));
    }

    [Theory]
    [InlineData("MemberUp", new string[0], true)]
    [InlineData("MemberUp", new[] { "MemberEvent" }, true)]
    [InlineData("LeaderChanged", new[] { "MemberEvent" }, false)]
    [InlineData("LeaderChanged", new[] { "ClusterDomainEvent" }, true)]
    [InlineData("ReachableMember", new[] { "ReachabilityEvent" }, true)]
    [InlineData("MemberUp", new[] { "Nonsense" }, false)]
    public void A_filter_names_events_or_their_families(string type, string[] filter, bool wanted) =>
        Assert.Equal(wanted, ClusterEventJson.Wanted(type, filter));
}
