using System.Globalization;
using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Tests.Outside;

public sealed class ShimOutputTests(ShimFixture fixture) : IClassFixture<ShimFixture>
{
    public static TheoryData<ShimForm> Forms => ShimFixture.Forms;

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_line_of_ten_megabytes_arrives_whole(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Script("head -c 10000000 /dev/zero | tr '\\0' x"));
        await shim.Exit();
        var bytes = agent.Bytes("stdout");
        Assert.Equal(10_000_000, bytes.Length);
        Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)'x'));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task Bytes_that_are_no_text_arrive_as_they_are(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var bytes = Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7)).ToArray();
        agent.Run(1);
        File.WriteAllBytes(Path.Combine(agent.Path, "bytes"), bytes);
        await using var shim = await fixture.Of(form).Start(agent.Script("cat bytes; cat bytes >&2"));
        await shim.Exit();
        Assert.Equal(bytes, agent.Bytes("stdout"));
        Assert.Equal(bytes, agent.Bytes("stderr"));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_log_that_was_removed_is_begun_anew_with_the_next_output(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Spec(1, "cat") with { Input = "before\n"u8.ToArray(), KeepInputOpen = true });
        await shim.Until<ShimEvent.Output>();
        var log = Path.Combine(agent.Run(1), "stdout");
        File.Move(log, log + ".1");
        await shim.WriteAsync("after\n"u8.ToArray(), CancellationToken.None);
        await TestProcess.Until(() => File.Exists(log), "a new log");
        await shim.CloseInputAsync(CancellationToken.None);
        await shim.Exit();
        Assert.Equal(("before\n", "after\n"), (agent.Read("stdout.1"), agent.Read("stdout")));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_full_disk_delays_output_and_loses_none(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var log = Path.Combine(agent.Run(1), "stdout");
        File.CreateSymbolicLink(log, "/dev/full");
        await using var shim = await fixture.Of(form).Start(agent.Script("seq 1 50000; touch done; exit 5"));
        var started = await shim.Next<ShimEvent.Started>();
        // 300 KB do not fit into a pipe: the agent waits in its write.
        await TestProcess.Until(() => File.ReadAllText($"/proc/{started.Agent.Pid}/task/{started.Agent.Pid}/children").Length > 0, "seq runs");
        await TestProcess.Until(() => ProcessTable.Children(started.Agent.Pid).Any(Waits), "the agent waits for room");
        Assert.False(File.Exists(Path.Combine(agent.Path, "done")));
        File.Delete(log);
        Assert.Equal(5, (await shim.Exit()).Code);
        Assert.Equal(string.Concat(Enumerable.Range(1, 50000).Select(i => i.ToString(CultureInfo.InvariantCulture) + "\n")), agent.Read("stdout"));
    }

    static bool Waits(int pid) => File.ReadAllText($"/proc/{pid}/wchan").Contains("pipe_write", StringComparison.Ordinal);
}
