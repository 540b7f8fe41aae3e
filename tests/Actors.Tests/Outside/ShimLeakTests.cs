using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Tests.Outside;

/// <summary>Counts what this process holds, so nothing else may run in it meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class ShimLeakTests(ShimFixture fixture) : IClassFixture<ShimFixture>
{
    public static TheoryData<ShimForm> Forms => ShimFixture.Forms;

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task Many_runs_leave_neither_descriptors_nor_processes_behind(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var shims = fixture.Of(form);
        async Task Run(long run)
        {
            await using var shim = await shims.Start(agent.Script("exit 3", run));
            // Not even a zombie: its end is waited for until its number is free.
            Assert.Equal(3, (await shim.Exit()).Code);
        }

        for (var run = 1; run <= 3; run++) await Run(run);
        var before = Directory.GetFiles("/proc/self/fd").Length;
        var runs = form == ShimForm.Native ? 300 : 20;
        for (var run = 4; run <= runs; run++) await Run(run);
        // The runtime opens a few of its own; a leak would be one for each run.
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 12);
    }
}
