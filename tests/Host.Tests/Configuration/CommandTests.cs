using System.Text.Json.Nodes;
using Supervisor.Host.Configuration;

namespace Supervisor.Host.Tests.Configuration;

public sealed class CommandTests
{
    [Fact]
    public void A_good_file_is_ok_and_a_bad_one_exits_2_with_its_errors_apart_from_the_data()
    {
        using var folder = new TempFolder();
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(0, ConfigCommands.Check(folder.Write("good.yaml", "{}"), json: false, output, error));
        Assert.EndsWith("good.yaml: ok (0 agents, 0 repositories, 0 budgets)\n", output.ToString(), StringComparison.Ordinal);
        Assert.Empty(error.ToString());
        var bad = folder.Write("bad.yaml", "phase: x\nfase: 1\n");
        output.GetStringBuilder().Clear();
        Assert.Equal(2, ConfigCommands.Check(bad, json: false, output, error));
        Assert.Empty(output.ToString());
        Assert.Equal($"{bad}:1:8: 'phase' must be a whole number, found 'x'\n{bad}:2:1: unknown key 'fase'; did you mean 'phase'?\n", error.ToString());
    }

    [Fact]
    public void Errors_as_JSON_hold_the_place()
    {
        using var folder = new TempFolder();
        using var output = new StringWriter();
        Assert.Equal(2, ConfigCommands.Check(folder.Write("bad.yaml", "phase: x\n"), json: true, output, TextWriter.Null));
        var error = JsonNode.Parse(output.ToString())!["errors"]!.AsArray().Single()!;
        Assert.Equal((1, 8), (error["line"]!.GetValue<int>(), error["column"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("named.yaml", "env.yaml", "named.yaml")]
    [InlineData(null, "env.yaml", "env.yaml")]
    [InlineData(null, null, "config/supervisor.yaml")]
    public void The_first_of_the_usual_places_is_taken(string? named, string? environment, string expected) =>
        Assert.Equal(expected, ConfigLocator.Find(named, _ => environment, f => f is "config/supervisor.yaml" or "/etc/supervisor/supervisor.yaml").File);

    [Fact]
    public void Without_any_configuration_the_remedy_is_told() =>
        Assert.Equal("no configuration: name a file, set $SUPERVISOR_CONFIG, or put one at ./supervisor.yaml, ./config/supervisor.yaml or /etc/supervisor/supervisor.yaml",
            ConfigLocator.Find(null, _ => null, _ => false).Error);

    [Fact]
    public void A_token_that_others_can_read_is_refused()
    {
        using var folder = new TempFolder();
        var file = new FileInfo(folder.Write("token", "secret\n"));
#pragma warning disable CA1416 // Linux only.
        file.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        Assert.Equal((null, $"the token file {file.FullName} is open to others; chmod 600 {file.FullName}"), TokenFile.Read(file.FullName));
        file.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
#pragma warning restore CA1416
        Assert.Equal(("secret", null), TokenFile.Read(file.FullName));
    }

    [Theory]
    [InlineData("host.example", "host.example")]
    [InlineData("-bad name-", "bad-name-")]
    [InlineData("", "node")]
    public void A_node_without_a_name_takes_the_host_s(string host, string expected) => Assert.Equal(expected, NodeDefaults.Name(new(), host));

    [Fact]
    public void State_is_kept_where_the_XDG_specification_says()
    {
        Assert.Equal("/s/supervisor", NodeDefaults.StateDir(new(), v => v == "XDG_STATE_HOME" ? "/s" : "/h"));
        Assert.Equal("/h/.local/state/supervisor", NodeDefaults.StateDir(new(), v => v == "HOME" ? "/h" : "relative"));
    }
}
