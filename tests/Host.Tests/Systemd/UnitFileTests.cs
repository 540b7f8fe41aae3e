using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.Systemd;

/// <summary>The unit that operators copy.</summary>
public sealed class UnitFileTests
{
    private const string Program = "/opt/supervisor/supervisor";

    private static readonly string Unit = Path.Combine(Programs.RepositoryRoot, "config", "supervisor.service");

    [SkippableFact]
    public async Task Systemd_accepts_the_unit()
    {
        var analyze = new[] { "/usr/bin/systemd-analyze", "/bin/systemd-analyze" }.FirstOrDefault(File.Exists);
        Skip.If(analyze is null, "systemd is not installed");
        var folder = Directory.CreateTempSubdirectory("unit-");
        try
        {
            // The program is not installed where the unit expects it, and systemd looks.
            var copy = Path.Combine(folder.FullName, "supervisor.service");
            var text = await File.ReadAllTextAsync(Unit);
            Assert.Contains($"ExecStart={Program} run", text, StringComparison.Ordinal);
            await File.WriteAllTextAsync(copy, text.Replace(Program, "/bin/true", StringComparison.Ordinal));

            var result = await Command.RunAsync(folder.FullName, new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }, analyze, "verify", "--man=no", copy);

            // Younger than this systemd, and ignored by it.
            var complaints = result.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("'DelegateSubgroup'", StringComparison.Ordinal));
            Assert.True(result.Exit == 0 && !complaints.Any(), result.ToString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("Type=notify")]
    [InlineData("Restart=always")]
    [InlineData("KillMode=process")]
    [InlineData("ExecReload=/bin/kill -HUP $MAINPID")]
    public void The_unit_says_what_keeps_agents_alive(string line) => Assert.Contains(line, File.ReadAllLines(Unit));
}
