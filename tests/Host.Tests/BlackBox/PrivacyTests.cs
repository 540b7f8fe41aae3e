using System.Text;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>What an agent is given, byte for byte, and what nobody else may see of it.</summary>
public sealed class PrivacyTests(PrivacyTests.WithSecret shared) : IClassFixture<PrivacyTests.WithSecret>
{
    private const string DaemonsOwn = "daemon-secret-7f3a91";
    private readonly TestFleet _fleet = shared.Fleet;

    public sealed class WithSecret : SharedFleet
    {
        internal override FleetSettings Settings => new() { Environment = new Dictionary<string, string> { ["DAEMON_SECRET"] = DaemonsOwn, ["PASSED_ON"] = "passed $HOME on" } };
    }

    public static IReadOnlyList<string> Awkward { get; } =
        ["%d %s %(name)s", "$HOME ${HOME} $(id) `id`", "\"double\" 'single' \\back\\slash", "two\nlines\tand a tab", "grüße 日本語 🙂", " spaces ", "{{agent.id}}", "-", "", "*", "a=b=c", "#no comment", "!tag &anchor *alias"];

    [Fact, Case("D17")]
    public async Task Arguments_and_environment_arrive_byte_for_byte()
    {
        var env = string.Join(", ", Awkward.Select((value, i) => $"V{i}: {Json.Quote(value)}"));
        await _fleet.AddRunningAsync(new("D17", "")
        {
            Command = [Programs.FakeAgent, "dump-env", _fleet.FileOf("d17.env"), "dump-argv", _fleet.FileOf("d17.argv"), "sleep-forever", .. Awkward],
            More = $"env: {{ {env} }}",
        });

        var argv = (await _fleet.FileAsync("d17.argv")).Split('\0')[6..^1];
        var seen = (await _fleet.FileAsync("d17.env")).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split('=', 2)).ToDictionary(e => e[0], e => e[1]);
        Assert.Equal(Awkward, argv);
        Assert.All(Awkward.Select((value, i) => (value, i)), v => Assert.Equal(v.value, seen[$"V{v.i}"]));
    }

    [Fact, Case("D25"), Case("L4")]
    public async Task Nothing_of_the_daemons_environment_is_inherited_but_what_is_named()
    {
        await _fleet.AddRunningAsync(new("D25-env", $"dump-env {_fleet.FileOf("d25.env")} sleep-forever") { More = "passEnv: [PATH, HOME, PASSED_ON]" });

        var seen = (await _fleet.FileAsync("d25.env")).Split('\0', StringSplitOptions.RemoveEmptyEntries);

        Assert.DoesNotContain(seen, e => e.Contains(DaemonsOwn, StringComparison.Ordinal));
        Assert.Contains("PASSED_ON=passed $HOME on", seen);
        Assert.DoesNotContain(seen, e => e.StartsWith("LANG=", StringComparison.Ordinal));
    }

    [Fact, Case("L3")]
    public async Task A_name_to_pass_on_that_is_not_set_keeps_no_agent_from_starting()
    {
        await _fleet.AddRunningAsync(new("L3", $"dump-env {_fleet.FileOf("l3.env")} sleep-forever") { More = "passEnv: [PATH, NOT_SET_ANYWHERE]" });

        Assert.DoesNotContain("NOT_SET_ANYWHERE", await _fleet.FileAsync("l3.env"), StringComparison.Ordinal);
    }

    [Fact, Case("D25"), Case("L2")]
    public async Task A_secret_of_an_agent_is_in_no_log_no_answer_no_file_and_no_command_line()
    {
        var secret = $"agent-secret-{Guid.NewGuid():N}";
        var agent = await _fleet.AddRunningAsync(new("D25", "sleep-forever") { More = $"env: {{ API_KEY: {secret} }}" });
        Assert.Contains(secret, await File.ReadAllTextAsync($"/proc/{agent.Pid}/environ"), StringComparison.Ordinal);

        foreach (var path in new[] { "status", "agents", "agents/D25", "agents/D25/runs", "agents/D25/why", "events?limit=1000", "config/diff" })
        {
            Assert.DoesNotContain(secret, (await _fleet.Api.GetAsync("/api/v1/" + path)).Body, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(secret, (await _fleet.Api.GetAsync("/metrics")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, _fleet.Daemon.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(Proc.All(), pid => Proc.CommandLine(pid).Contains(secret, StringComparison.Ordinal));
        // In no file either, the databases included: only the configuration, the operator's own, holds it.
        Assert.DoesNotContain(Directory.EnumerateFiles(_fleet.StateDirectory, "*", SearchOption.AllDirectories), file => Holds(file, secret));
        await _fleet.StopAsync("D25");
        Assert.DoesNotContain(Directory.EnumerateFiles(_fleet.StateDirectory, "*", SearchOption.AllDirectories), file => Holds(file, secret));
    }

    private static bool Holds(string file, string text)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return memory.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        }
        catch (IOException)
        {
            // A socket, or a file that has just been removed.
            return false;
        }
    }
}
