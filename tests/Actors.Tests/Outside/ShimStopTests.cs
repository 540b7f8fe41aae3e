using System.Diagnostics;
using Supervisor.Actors.Outside;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Outside;

public sealed class ShimStopTests(ShimFixture fixture) : IClassFixture<ShimFixture>
{
    public static TheoryData<ShimForm> Forms => ShimFixture.Forms;

    /// <summary>A running agent that has said that it is ready.</summary>
    async Task<(AgentFolder, IShim)> Running(ShimForm form, string script)
    {
        var agent = fixture.NewAgent();
        var shim = await fixture.Of(form).Start(agent.Script(script));
        await shim.Until<ShimEvent.Output>();
        return (agent, shim);
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task An_agent_that_ends_on_the_signal_ended_gracefully(ShimForm form)
    {
        var (_, shim) = await Running(form, "trap 'exit 0' TERM; echo ready; while :; do sleep 0.02; done");
        await shim.Stop(10_000);
        var exit = await shim.Exit();
        Assert.Equal((0, null, EndedBy.Supervisor, "graceful"), (exit.Code, exit.Signal, exit.By, exit.Reason));
        await shim.DisposeAsync();
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task An_agent_that_ignores_the_signal_is_killed_when_the_grace_is_over(ShimForm form)
    {
        var (_, shim) = await Running(form, "trap '' TERM; echo ready; while :; do sleep 0.02; done");
        var clock = Stopwatch.StartNew();
        await shim.Stop(300);
        var exit = await shim.Exit();
        Assert.InRange(clock.ElapsedMilliseconds, 290, 5_000);
        Assert.Equal((null, 9, EndedBy.Supervisor, "grace-expired"), (exit.Code, exit.Signal, exit.By, exit.Reason));
        await shim.DisposeAsync();
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_grandchild_that_ignores_the_signal_is_killed_as_well(ShimForm form)
    {
        var (agent, shim) = await Running(form, "(trap '' TERM; sleep 600) & echo $!; wait");
        await shim.Stop(200);
        var exit = await shim.Exit();
        Assert.Equal((15, "graceful"), (exit.Signal, exit.Reason));
        Assert.False(TestProcess.IsThere(int.Parse(agent.Read("stdout"))));
        await shim.DisposeAsync();
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_suspended_agent_still_gets_the_signal(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Script("trap 'exit 4' TERM; echo ready; while :; do sleep 0.02; done"));
        var heard = await shim.Until<ShimEvent.Output>();
        var pid = heard.OfType<ShimEvent.Started>().Single().Agent.Pid;
        TestProcess.Signal(pid, 19);
        await TestProcess.Until(() => ProcessTable.Find(pid)!.State == 'T', "the agent is suspended");
        await shim.Stop(10_000);
        Assert.Equal(4, (await shim.Exit()).Code);
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task Two_stops_are_one(ShimForm form)
    {
        var (agent, shim) = await Running(form, "trap 'echo term' TERM; echo ready; while :; do sleep 0.02; done");
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(shim.Stop(400).AsTask(), shim.Stop(60_000).AsTask());
        var exit = await shim.Exit();
        Assert.InRange(clock.ElapsedMilliseconds, 390, 30_000);
        Assert.Equal("grace-expired", exit.Reason);
        Assert.Equal("ready\nterm\n", agent.Read("stdout"));
        await shim.DisposeAsync();
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_stop_goes_on_when_nobody_listens_any_more(ShimForm form)
    {
        var (agent, shim) = await Running(form, "trap '' TERM; echo ready; while :; do sleep 0.02; done");
        await shim.Stop(300);
        await shim.DisposeAsync();
        await shim.Gone();
        var found = await fixture.Of(form).FindAsync(agent.Path, agent.Run(1), CancellationToken.None);
        Assert.Equal("grace-expired", Assert.IsType<ShimFinding.Ended>(found).Exit.Reason);
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task Many_children_that_fork_as_fast_as_they_can_are_all_ended(ShimForm form)
    {
        // Each dies after forking the next: whoever looks at the table always comes late.
        var (_, shim) = await Running(form, "trap '' TERM; f() { (f) & sleep 0.01; }; f & f & echo ready; sleep 600");
        await shim.Stop(100);
        await shim.Exit();
        await shim.DisposeAsync();
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task What_cannot_be_killed_is_said_to_be_stuck_and_not_stopped(ShimForm form)
    {
        using var freezer = Freezer.Create();
        Skip.If(freezer is null, "no cgroup freezer of version 1: nothing here holds off a SIGKILL");
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Script("echo ready; sleep 600"));
        var heard = await shim.Until<ShimEvent.Output>();
        freezer.Freeze(heard.OfType<ShimEvent.Started>().Single().Agent.Pid);
        await shim.Stop(100, 100);
        Assert.DoesNotContain(await shim.Until<ShimEvent.Stuck>(), told => told is ShimEvent.Exited);
        freezer.Thaw();
        await shim.Exit();
    }
}
