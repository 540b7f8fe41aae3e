using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>Files and names that are wrong, by accident or on purpose. No daemon is needed to refuse them.</summary>
public sealed class InputTests : IAsyncLifetime
{
    private TestFleet _fleet = null!;

    public Task InitializeAsync()
    {
        _fleet = TestFleet.WithoutDaemon();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _fleet.DisposeAsync().AsTask();

    private async Task<CommandResult> CheckAsync(byte[] yaml)
    {
        var file = Path.Combine(_fleet.Directory, "input.yaml");
        await File.WriteAllBytesAsync(file, yaml);
        return await _fleet.CliAsync("config", "check", file);
    }

    public static TheoryData<string> HostileNames => ["../../etc/cron.d/x", "a/b", "..", ".", "-rf", "--agent", "a b", "a\nb", "a\0b", "a\u001b[31mb", "\u202Egnp", "ä", "", new string('a', 64)];

    [Theory, Case("D23"), Case("L8")]
    [MemberData(nameof(HostileNames))]
    public async Task A_name_that_is_a_path_a_flag_or_has_control_characters_is_refused(string name)
    {
        var check = await CheckAsync(System.Text.Encoding.UTF8.GetBytes($"agents: [{{ id: {Json.Quote(name)}, kind: command, command: [\"true\"] }}]\n"));

        Assert.Equal(2, check.Exit);
        Assert.Matches(@"input\.yaml:1:\d+: ", check.ToString());
        Assert.DoesNotContain('\u001b', check.ToString());
        Assert.DoesNotContain('\0', check.ToString());
    }

    public static TheoryData<string, string> MalformedFiles => new()
    {
        { "unclosed", "agents: [ { id: A" },
        { "tab", "agents:\n\t- id: A\n" },
        { "twice", "phase: 1\nphase: 2\n" },
        { "list", "- 1\n- 2\n" },
        { "scalar", "just words\n" },
        { "two documents", "phase: 1\n---\nphase: 2\n" },
        { "unknown anchor", "agents: [ *nobody ]\n" },
        { "unknown key", "agents: [ { id: A, kind: command, command: [\"true\"], colour: red } ]\n" },
        { "wrong type", "agents: { id: A }\n" },
        { "no kind", "agents: [ { id: A, command: [\"true\"] } ]\n" },
        { "wrong duration", "watchdog: { sweep: 2 fortnights }\n" },
        { "tag", "agents: !!python/object/apply:os.system [\"touch /tmp/never\"]\n" },
        { "billion laughs", "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\nagents: *g\n" },
        { "deep", string.Concat(Enumerable.Repeat("[", 20_000)) },
    };

    [Theory, Case("D13")]
    [MemberData(nameof(MalformedFiles))]
    public async Task A_malformed_file_is_refused_with_its_place(string what, string yaml)
    {
        var check = await CheckAsync(System.Text.Encoding.UTF8.GetBytes(yaml));

        Assert.True(check.Exit == 2, $"{what}: {check}");
        Assert.Matches(@"input\.yaml:\d+:\d+: ", check.ToString());
        Assert.DoesNotContain("   at ", check.ToString(), StringComparison.Ordinal);
    }

    [Fact, Case("D13")]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        Assert.Equal(2, (await CheckAsync([0xFF, 0xFE, 0x00, 0xD8, 0x41])).Exit);
        Assert.Equal(2, (await CheckAsync([.. "phase: "u8, 0xC3, 0x28, (byte)'\n'])).Exit);
    }

    [Fact, Case("D13")]
    public async Task A_file_that_is_not_there_is_a_usage_error()
    {
        var check = await _fleet.CliAsync("config", "check", Path.Combine(_fleet.Directory, "nowhere.yaml"));

        Assert.Equal(2, check.Exit);
        Assert.Contains("nowhere.yaml", check.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agents")]
    [InlineData("status")]
    public async Task A_client_without_a_daemon_says_so_by_its_exit(string command) => Assert.Equal(3, (await _fleet.CliAsync(command)).Exit);

    [Theory]
    [InlineData("no-such-command")]
    [InlineData("agents --no-such-flag")]
    [InlineData("stop")]
    public async Task A_wrong_command_line_is_a_usage_error(string line) => Assert.Equal(2, (await _fleet.CliAsync(line.Split(' '))).Exit);
}
