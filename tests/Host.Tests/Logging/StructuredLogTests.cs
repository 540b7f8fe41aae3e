using System.Text;
using System.Text.Json;
using Akka.Event;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Supervisor.Actors.Events;
using Supervisor.Host.Logging;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Supervisor.Host.Tests.Logging;

public sealed class StructuredLogTests
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_line_has_the_named_values_as_fields()
    {
        Assert.Equal(
            """{"at":"2026-11-23T12:00:00.000Z","level":"warn","event":"log.test","msg":"Agent A1 run 2 is late","node":"n1","agent":"A1","run":2}""",
            Logged(LogFormat.Json, log => log.LogWarning("Agent {AgentId} run {Run} is late", new AgentId("A1"), 2)));
    }

    [Fact]
    public void An_event_may_be_named() =>
        Assert.Contains("\"event\":\"pump.primed\"", Logged(LogFormat.Json, log => log.LogInformation("{Event}", "pump.primed")), StringComparison.Ordinal);

    [Theory]
    [InlineData(LogFormat.Json)]
    [InlineData(LogFormat.Text)]
    public void Nothing_breaks_a_line(LogFormat format)
    {
        var line = Logged(format, log => log.LogError(new InvalidOperationException("a\nb"), "x\r\n{Text}", "\u001b[31m\n"));
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain('\u001b', line);
    }

    [Fact]
    public void A_field_cannot_pretend_to_be_the_level() =>
        Assert.Contains("\"level\":\"info\"", Logged(LogFormat.Json, log => log.LogInformation("{Level}", "error")), StringComparison.Ordinal);

    [Fact]
    public void A_secret_is_never_written() =>
        Assert.DoesNotContain("hunter22", Logged(LogFormat.Json, log => log.LogInformation("key {Key}", "hunter22")), StringComparison.Ordinal);

    [Fact]
    public void Every_event_is_a_line()
    {
        var stuck = EventLines.Describe(new AgentProtocol.AgentStuck(new AgentId("A1"), 2, ["pid 7"], T0), 17, "n1", T0)!;
        Assert.Equal(
            """{"at":"2026-11-23T12:00:00.000Z","level":"warn","event":"agent.stuck","msg":"A1 run 2: agent.stuck","node":"n1","seq":17,"agent":"A1","run":2,"data":{},"evidence":["pid 7"]}""",
            Logged(LogFormat.Json, log => EventLogLines.Write(log, stuck)));
    }

    [Fact]
    public async Task Lines_of_actors_have_their_fields()
    {
        using var to = new MemoryStream();
        var builder = new HostBuilder()
            .ConfigureLogging(l => l.AddProvider(new StructuredLog(to, LogFormat.Json, "n1", TimeProvider.System, [])))
            .ConfigureServices(s => s.AddAkka("logged", akka => akka.ConfigureLoggers(l => l.ClearLoggers().AddLoggerFactory())));
        using (var host = builder.Build())
        {
            await host.StartAsync();
            host.Services.GetRequiredService<Akka.Actor.ActorSystem>().Log.Warning("Agent {AgentId} is {State}", new AgentId("A1"), "late");
            await host.StopAsync();
        }

        var line = Encoding.UTF8.GetString(to.ToArray()).Split('\n').Single(l => l.Contains("A1", StringComparison.Ordinal));
        var fields = JsonDocument.Parse(line).RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString());
        Assert.Equal(["agent", "at", "event", "level", "msg", "node", "state"], fields.Keys.Order());
        Assert.Equal("Agent A1 is late", fields["msg"]);
        Assert.Equal("A1", fields["agent"]);
    }

    private static string Logged(LogFormat format, Action<ILogger> write)
    {
        using var to = new MemoryStream();
        using (var log = new StructuredLog(to, format, "n1", new FixedClock(), ["hunter22"]))
        {
            write(log.CreateLogger("Some.Test"));
        }

        return Encoding.UTF8.GetString(to.ToArray()).TrimEnd('\n');
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => T0;
    }
}
