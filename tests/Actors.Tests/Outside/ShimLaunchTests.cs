using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Tests.Outside;

public sealed class ShimLaunchTests(ShimFixture fixture) : IClassFixture<ShimFixture>
{
    public static TheoryData<ShimForm> Forms => ShimFixture.Forms;

    const string Odd = "%s $HOME `id` \"q\" 'q' \\ \n\t é 日本 🎉 *";

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task Arguments_arrive_byte_for_byte(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Spec(1, "/bin/cat", "/proc/self/cmdline", Odd, "", "-"));
        await shim.Exit();
        Assert.Equal($"/bin/cat\0/proc/self/cmdline\0{Odd}\0\0-\0", agent.Read("stdout"));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task The_environment_holds_what_was_given_and_nothing_else(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var given = new Dictionary<string, string> { ["PATH"] = "/bin", ["ODD"] = Odd, ["EMPTY"] = "" };
        await using var shim = await fixture.Of(form).Start(agent.Spec(1, "cat", "/proc/self/environ") with { Environment = given });
        await shim.Exit();
        Assert.Equal(given.Select(pair => $"{pair.Key}={pair.Value}").Order(), agent.Read("stdout").TrimEnd('\0').Split('\0').Order());
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task The_agent_has_its_three_descriptors_a_clean_slate_for_signals_and_its_own_session(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Script("ls /proc/$$/fd; cat /proc/self/status | grep -E 'Sig(Blk|Ign|Cgt)'; cut -d' ' -f6 /proc/$$/stat; echo $$"));
        var started = await shim.Next<ShimEvent.Started>();
        await shim.Exit();
        var lines = agent.Read("stdout").Split('\n');
        Assert.Equal(["0", "1", "2"], lines[..3]);
        // Signals 32 and 33 belong to the C library, whose posix_spawn ignores them in each child.
        Assert.All(lines[3..6], line => Assert.Equal(0L, Convert.ToInt64(line[^16..], 16) & ~0x180000000));
        Assert.Equal(lines[6], lines[7]);
        Assert.Equal(lines[7], $"{started.Agent.Pid}");
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task The_shim_tells_nothing_of_the_agent_to_those_who_look_at_processes(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var spec = agent.Script("sleep 600 # argument-secret");
        await using var shim = await fixture.Of(form).Start(spec with { Environment = new Dictionary<string, string> { ["PATH"] = "/bin", ["KEY"] = "variable-secret" } });
        await shim.Until<ShimEvent.Started>();
        var pid = shim.Shim.Pid;
        Assert.DoesNotContain("secret", File.ReadAllText($"/proc/{pid}/cmdline") + File.ReadAllText($"/proc/{pid}/environ"));
        foreach (var file in Directory.EnumerateFiles(agent.Run(1)).Where(file => !file.EndsWith(".sock", StringComparison.Ordinal)))
            Assert.DoesNotContain("secret", File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(agent.Run(1), "shim.sock")));
        await shim.Stop(0);
        Assert.Equal("killed", (await shim.Exit()).Reason);
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task Input_reaches_the_agent_and_ends_when_it_is_closed(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Spec(1, "cat") with { Input = "first\n"u8.ToArray(), KeepInputOpen = true });
        Assert.True(await shim.WriteAsync("second\n"u8.ToArray(), CancellationToken.None));
        var big = new byte[300_000];
        Assert.True(await shim.WriteAsync(big, CancellationToken.None));
        await shim.CloseInputAsync(CancellationToken.None);
        Assert.False(await shim.WriteAsync("late\n"u8.ToArray(), CancellationToken.None));
        Assert.Equal(0, (await shim.Exit()).Code);
        Assert.Equal([.. "first\nsecond\n"u8, .. big], agent.Bytes("stdout"));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task Input_that_is_all_there_at_the_start_ends_there(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Spec(1, "cat") with { Input = "all\n"u8.ToArray() });
        await shim.Exit();
        Assert.Equal("all\n", agent.Read("stdout"));
    }
}
