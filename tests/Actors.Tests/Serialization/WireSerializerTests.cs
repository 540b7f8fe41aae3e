using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Serialization;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Serialization;

public sealed class WireSerializerTests : TestKit
{
    private readonly WireSerializer _serializer;

    public WireSerializerTests() => _serializer = new WireSerializer((ExtendedActorSystem)Sys);

    public static TheoryData<string> Manifests => [.. WireTypes.All.Select(t => t.Manifest)];

    [Fact]
    public void Every_wire_message_has_its_line_in_the_table()
    {
        var messages = typeof(IWireMessage).Assembly.GetTypes().Concat(typeof(WireTypes).Assembly.GetTypes())
            .Where(t => typeof(IWireMessage).IsAssignableFrom(t) && t is { IsAbstract: false, IsInterface: false })
            .Select(t => t.FullName).Order();
        Assert.Equal(messages, WireTypes.All.Select(t => t.Type.FullName).Order());
    }

    [Fact]
    public void Every_event_of_a_protocol_has_a_public_type_of_its_own()
    {
        var events = WireTypes.All.Where(t => t.Type.GetInterfaces().Any(i => i.Name == "IEvent")).ToList();
        Assert.All(events, t => Assert.Matches("^[a-z-]+\\.[a-z-]+$", t.Event ?? "none"));
        Assert.Equal(events.Count, events.Select(t => t.Event).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void The_bytes_of_a_message_do_not_change(string manifest)
    {
        var file = Golden(manifest);
        var written = _serializer.ToBinary(Samples.Of(WireTypes.ByManifest[manifest].Type));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, Encoding.UTF8.GetString(written) + "\n");
        }

        Assert.True(File.Exists(file), $"{file} is missing; UPDATE_GOLDEN=1 writes it");
        Assert.Equal(File.ReadAllText(file).TrimEnd('\n'), Encoding.UTF8.GetString(written));
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_stored_message_is_read_whole(string manifest)
    {
        var stored = Encoding.UTF8.GetBytes(File.ReadAllText(Golden(manifest)).TrimEnd('\n'));
        var read = _serializer.FromBinary(stored, manifest);
        Assert.IsType(WireTypes.ByManifest[manifest].Type, read);
        Assert.Equal(manifest, _serializer.Manifest(read));
        Assert.Equal(Encoding.UTF8.GetString(stored), Encoding.UTF8.GetString(_serializer.ToBinary(read)));
    }

    [Fact]
    public void A_field_of_a_newer_node_is_skipped()
    {
        var read = Read("agents.remove.v1", """{"agentId":"A1","someday":{"x":[1]}}""");
        Assert.Equal(new AgentProtocol.Remove(new AgentId("A1")), read);
    }

    [Fact]
    public void A_field_that_an_older_node_did_not_write_has_its_default()
    {
        var read = (AgentProtocol.Status)Read("agents.status.v1",
            """{"agentId":"A1","agent":{"id":"A1","name":"","kind":"command","state":"running","reason":"started","run":3}}""");
        Assert.Equal("0.00", read.Agent.SpentTodayUsd);
    }

    [Fact]
    public void A_record_that_was_stored_before_a_field_was_known_is_read()
    {
        var read = (AgentState)Read("agents.state.v1", """{"id":"A1","phase":"stopped","run":3}""");
        Assert.Equal((AgentPhase.Stopped, 3L, 1L, RestartHistory.None), (read.Phase, read.Run, read.Epoch, read.History));
        Assert.Empty(read.Reasons);
        Assert.Empty(read.Runs);
    }

    [Fact]
    public void A_missing_part_of_a_message_is_refused()
    {
        var error = Assert.Throws<SerializationException>(() => Read("agents.start.v1", """{"agentId":"A1"}"""));
        Assert.Contains("agents.start.v1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_manifest_is_refused_by_name()
    {
        var error = Assert.Throws<SerializationException>(() => Read("agents.levitate.v1", "{}"));
        Assert.Contains("'agents.levitate.v1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_is_not_in_the_table_is_refused() =>
        Assert.Throws<SerializationException>(() => _serializer.ToBinary("words"));

    [Theory]
    [InlineData(AgentKind.OpenCode, "\"opencode\"")]
    [InlineData(AgentKind.ClaudeCode, "\"claude-code\"")]
    [InlineData(AgentPhase.CrashLoop, "\"crash-loop\"")]
    public void Enums_are_the_words_of_the_contract(object value, string word) =>
        Assert.Equal(word, JsonSerializer.Serialize(value, WireJson.Public));

    private object Read(string manifest, string json) => _serializer.FromBinary(Encoding.UTF8.GetBytes(json), manifest);

    private static string Golden(string manifest, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "golden", manifest + ".json");
}
