using System.Text.RegularExpressions;
using Supervisor.Host.Configuration;
using Supervisor.Host.Demo;
using Supervisor.Host.Tests.Harness;
using Xunit.Abstractions;

namespace Supervisor.Host.Tests.Demo;

public sealed partial class DemoCommandTests(ITestOutputHelper log)
{
    [Fact]
    public async Task The_demo_holds_and_leaves_nothing_behind()
    {
        using var folder = new Configuration.TempFolder();
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = folder.Root,
            ["TMPDIR"] = folder.Root,
            ["DOTNET_ROOT"] = Path.GetDirectoryName(Programs.Dotnet)!,
        };
        var result = await Command.RunAsync(folder.Root, environment, Programs.Dotnet, Programs.Supervisor, "demo", "--seconds", "15");
        log.WriteLine(result.ToString());
        Assert.True(result.Exit == 0, result.ToString());
        var verdicts = result.Stdout.Split('\n').Where(line => Verdict().IsMatch(line)).ToList();
        Assert.Equal(8, verdicts.Count);
        Assert.All(verdicts, line => Assert.StartsWith("ok ", line, StringComparison.Ordinal));
        Assert.Contains("All of it held.", result.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Stdout);
        Assert.Empty(Directory.EnumerateDirectories(folder.Root, "supervisor-demo-*"));
        Assert.Empty(Proc.Referring(Path.Combine(folder.Root, "supervisor-demo-")));
    }

    [Theory, InlineData(DemoArguments.Least - 1), InlineData(DemoArguments.Most + 1)]
    public async Task A_length_that_cannot_be_is_a_usage_error(int seconds)
    {
        using var errors = new StringWriter();
        Assert.Equal(2, await DemoCommand.RunAsync(new DemoArguments(seconds), TextWriter.Null, errors, terminal: false, CancellationToken.None));
        Assert.Contains("--seconds is from 15 to 3600", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_fleets_configuration_is_one_that_an_operator_could_use()
    {
        var folder = DemoFolder.Create();
        try
        {
            Directory.CreateDirectory(folder.Repository);
            File.WriteAllText(folder.Config, DemoConfig.Text(folder, 8558, "half of a thought"));
            var loaded = FleetLoader.Load(folder.Config);
            Assert.Empty(loaded.Errors);
            var agents = loaded.Fleet!.Options.Agents.ToDictionary(a => a.Id);
            Assert.Equal(DemoCast.All.Select(part => part.Id), loaded.Fleet.Options.Agents.Select(a => a.Id));
            // The checks go by these numbers.
            Assert.Equal(DemoCast.StubbornStop, agents[DemoCast.Stubborn].Stop);
            Assert.Equal(DemoCast.StallAfter, agents[DemoCast.Hanger].Liveness.StallAfter);
            Assert.Equal(DemoCast.CrasherRestart, agents[DemoCast.Crasher].Restart with { PreventExitCodes = DemoCast.CrasherRestart.PreventExitCodes });
            Assert.Equal(DemoCast.BrokenRestart, agents[DemoCast.Broken].Restart with { PreventExitCodes = DemoCast.BrokenRestart.PreventExitCodes });
        }
        finally
        {
            folder.Delete();
        }
    }

    [GeneratedRegex("^(ok|FAILED) +")]
    private static partial Regex Verdict();
}
