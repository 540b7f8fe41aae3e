using Supervisor.Actors.Outside;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Outside;

public sealed class ShimLimitTests(ShimFixture fixture) : IClassFixture<ShimFixture>
{
    public static TheoryData<ShimForm> Forms => ShimFixture.Forms;

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task An_agent_that_outgrows_its_memory_ends_by_oom(ShimForm form)
    {
        var shims = fixture.Of(form);
        Skip.IfNot(shims.Facilities.MemoryLimit, "no memory controller to be had");
        var agent = fixture.NewAgent();
        await using var shim = await shims.Start(agent.Script("x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done") with { MemoryLimit = 32 << 20 });
        var exit = await shim.Exit();
        Assert.Equal((9, EndedBy.Oom, "oom"), (exit.Signal, exit.By, exit.Reason));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_fork_bomb_stays_within_its_limit_and_is_ended(ShimForm form)
    {
        var shims = fixture.Of(form);
        Skip.IfNot(shims.Facilities.PidsLimit, "no pids controller to be had");
        var agent = fixture.NewAgent();
        await using var shim = await shims.Start(agent.Script("echo ready; (f() { f | f & f; }; f) & exec sleep 600") with { PidsLimit = 60 });
        var heard = await shim.Until<ShimEvent.Output>();
        await TestProcess.Until(() => new FileInfo(Path.Combine(agent.Run(1), "stderr")).Length > 0, "the limit is felt");
        Assert.InRange(ProcessTable.Tree(shim.Shim.Pid).Count, 2, 62);
        await shim.Stop(100);
        await shim.Exit();
        Assert.DoesNotContain(ProcessTable.All(), process => process.Session == heard.OfType<ShimEvent.Started>().Single().Agent.Pid);
    }
}
