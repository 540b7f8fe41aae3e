using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.Systemd;

/// <summary>What systemd hears from a service of <c>Type=notify</c>.</summary>
public sealed class NotifyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_daemon_says_when_it_is_ready_that_it_works_and_that_it_ends()
    {
        using var systemd = new NotifySocket();
        await using var fleet = await TestFleet.StartAsync(new()
        {
            Environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = systemd.Path, ["WATCHDOG_USEC"] = "400000" },
        });

        await systemd.UntilAsync("READY=1", 1, Limit, Story);
        await systemd.UntilAsync("WATCHDOG=1", 3, Limit, Story);
        Assert.True(Index("READY=1") < Index("WATCHDOG=1"), string.Join(", ", systemd.Received));
        Assert.DoesNotContain("STOPPING=1", systemd.Received);

        fleet.Daemon.Signal(Proc.SigTerm);
        await systemd.UntilAsync("STOPPING=1", 1, Limit, Story);
        Assert.Equal(0, await fleet.Daemon.ExitAsync(Limit));

        int Index(string line) => systemd.Received.ToList().IndexOf(line);
        string Story() => fleet.Story();
    }

    [Fact]
    public async Task An_agent_does_not_inherit_the_line_to_systemd()
    {
        using var systemd = new NotifySocket();
        await using var fleet = await TestFleet.StartAsync(new()
        {
            Environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = systemd.Path },
            Agents = [new("N1", "sleep-forever")],
        });
        var agent = await fleet.UntilStateAsync("N1", "running");

        Assert.DoesNotContain("NOTIFY_SOCKET", await File.ReadAllTextAsync($"/proc/{agent.Pid}/environ"), StringComparison.Ordinal);
    }
}
