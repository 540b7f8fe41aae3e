using Supervisor.Actors.Outside;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Outside;

public sealed class ShimExitTests(ShimFixture fixture) : IClassFixture<ShimFixture>
{
    public static TheoryData<ShimForm> Forms => ShimFixture.Forms;

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task The_exit_code_and_the_output_are_kept(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Script("echo out; echo err >&2; exit 7"));
        var heard = await shim.Until<ShimEvent.Drained>();
        Assert.IsType<ShimEvent.Started>(heard[0]);
        Assert.Equal(7, heard.OfType<ShimEvent.Exited>().Single().Exit.Code);
        Assert.Equal(new ShimEvent.Drained(4, 4), heard[^1]);
        await shim.Gone();
        Assert.Equal("out\n", agent.Read("stdout"));
        Assert.Equal("err\n", agent.Read("stderr"));
        var found = await fixture.Of(form).FindAsync(agent.Path, agent.Run(1), CancellationToken.None);
        var exit = Assert.IsType<ShimFinding.Ended>(found).Exit;
        Assert.Equal((7, null, EndedBy.Agent, "exited"), (exit.Code, exit.Signal, exit.By, exit.Reason));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_death_by_a_signal_of_somebody_else_is_external(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Script("kill -9 $$"));
        var exit = await shim.Exit();
        Assert.Equal((null, 9, EndedBy.External, "signalled"), (exit.Code, exit.Signal, exit.By, exit.Reason));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task The_last_output_is_in_the_file_before_the_exit_is_told(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Script("printf 'no newline'"));
        var heard = await shim.Until<ShimEvent.Exited>();
        Assert.Equal("no newline", agent.Read("stdout"));
        Assert.Equal(new ShimEvent.Output(10, 0), heard[^2]);
        await shim.Until<ShimEvent.Drained>();
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_grandchild_that_keeps_the_output_open_hides_no_exit_and_does_not_outlive_it(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Script("sleep 600 & echo $!; exit 7"));
        Assert.Equal(7, (await shim.Exit()).Code);
        Assert.False(TestProcess.IsThere(int.Parse(agent.Read("stdout"))));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_grandchild_in_a_session_of_its_own_does_not_outlive_the_agent(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Script("(setsid sh -c '(sleep 600 & echo $! > escaped)' &) ; while ! [ -s escaped ]; do sleep 0.01; done"));
        Assert.Equal(0, (await shim.Exit()).Code);
        Assert.False(TestProcess.IsThere(int.Parse(File.ReadAllText(Path.Combine(agent.Path, "escaped")))));
    }
}
