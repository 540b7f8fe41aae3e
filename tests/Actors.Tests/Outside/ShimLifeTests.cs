using System.Diagnostics;
using System.Net.Sockets;
using Supervisor.Actors.Outside;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Outside;

/// <summary>Never twice, never lost: what holds when shims, daemons and files go away.</summary>
public sealed class ShimLifeTests(ShimFixture fixture) : IClassFixture<ShimFixture>
{
    public static TheoryData<ShimForm> Forms => ShimFixture.Forms;

    Task<ShimFinding> Find(ShimForm form, AgentFolder agent, long run = 1) =>
        fixture.Of(form).FindAsync(agent.Path, agent.Run(run), CancellationToken.None);

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_run_is_started_only_once(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var first = await fixture.Of(form).Start(agent.Script("echo once"));
        await first.Exit();
        await using var second = await fixture.Of(form).Start(agent.Script("echo twice"));
        Assert.Equal("EEXIST", (await second.Next<ShimEvent.SpawnFailed>()).Errno);
        await second.Gone();
        Assert.Equal("once\n", agent.Read("stdout"));
        Assert.IsType<ShimFinding.Ended>(await Find(form, agent));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_second_shim_of_a_run_that_dies_harms_nothing_of_the_first(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var first = await fixture.Of(form).Start(agent.Spec(1, "cat") with { KeepInputOpen = true });
        await first.Next<ShimEvent.Started>();
        await using var second = await fixture.Of(form).Start(agent.Script("echo second"));
        TestProcess.Signal(second.Shim.Pid, 9);
        Assert.Equal([new ShimEvent.Lost()], await second.Until<ShimEvent.Lost>());
        Assert.True(await first.WriteAsync("still here\n"u8.ToArray(), CancellationToken.None));
        await first.CloseInputAsync(CancellationToken.None);
        Assert.Equal(0, (await first.Exit()).Code);
        Assert.Equal("still here\n", agent.Read("stdout"));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task The_next_run_waits_until_the_one_before_is_over(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var first = await fixture.Of(form).Start(agent.Spec(1, "cat") with { KeepInputOpen = true });
        await first.Next<ShimEvent.Started>();
        await using var second = await fixture.Of(form).Start(agent.Script("echo second", run: 2));
        Assert.False(second.Events.TryRead(out _));
        Assert.IsType<ShimFinding.NeverStarted>(await Find(form, agent, run: 2));
        await first.CloseInputAsync(CancellationToken.None);
        await first.Exit();
        Assert.Equal(0, (await second.Exit()).Code);
        Assert.True(File.GetLastWriteTimeUtc(Path.Combine(agent.Run(2), "shim.json")) >= File.GetLastWriteTimeUtc(Path.Combine(agent.Run(1), "exit.json")));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_shim_that_is_killed_takes_its_whole_tree_with_it(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Script("trap '' TERM HUP; sleep 600 & echo $!; setsid sleep 600 & echo $!; wait"));
        var started = await shim.Next<ShimEvent.Started>();
        await TestProcess.Until(() => agent.Read("stdout").Count(c => c == '\n') == 2, "both children run");
        var clock = Stopwatch.StartNew();
        TestProcess.Signal(shim.Shim.Pid, 9);
        await shim.Until<ShimEvent.Lost>();
        int[] tree = [started.Agent.Pid, .. agent.Read("stdout").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        // One that left its session is found by its cgroup alone.
        if (!fixture.Of(form).Facilities.CgroupKill) TestProcess.Signal(tree[2], 9);
        await TestProcess.Until(() => !tree.Any(TestProcess.IsThere), "the tree is gone", 2_000);
        Assert.InRange(clock.ElapsedMilliseconds, 0, 2_000);
        Assert.Equal(new ShimFinding.Gone(Reboot: false), await Find(form, agent));
    }

    [Fact]
    public async Task Without_cgroups_the_session_of_a_killed_shims_agent_is_ended()
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.WithoutCgroups.Start(agent.Script("trap '' TERM HUP; sleep 600 & echo $!; wait"));
        await shim.Until<ShimEvent.Output>();
        TestProcess.Signal(shim.Shim.Pid, 9);
        await shim.Until<ShimEvent.Lost>();
        Assert.False(TestProcess.IsThere(int.Parse(agent.Read("stdout"))));
    }

    [Fact]
    public async Task Without_cgroups_a_stop_reaches_those_that_left_the_session()
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.WithoutCgroups.Start(agent.Script("trap '' TERM; (setsid sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' &); sleep 600; sleep 600"));
        await shim.Until<ShimEvent.Output>();
        await shim.Stop(100);
        Assert.Equal("grace-expired", (await shim.Exit()).Reason);
        Assert.False(TestProcess.IsThere(int.Parse(agent.Read("stdout"))));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task The_agent_dies_with_its_shim_though_nobody_watches_and_the_rest_when_somebody_looks(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var shim = await fixture.Of(form).Start(agent.Script("trap '' TERM HUP; sleep 600 & echo $!; wait"));
        var started = (await shim.Until<ShimEvent.Output>()).OfType<ShimEvent.Started>().Single();
        var child = int.Parse(agent.Read("stdout"));
        await shim.DisposeAsync();
        TestProcess.Signal(shim.Shim.Pid, 9);
        await TestProcess.Until(() => !TestProcess.IsThere(started.Agent.Pid), "the agent is gone", 2_000);
        Assert.Equal(new ShimFinding.Gone(Reboot: false), await Find(form, agent));
        // Without a cgroup it could be anybody's.
        if (!fixture.Of(form).Facilities.CgroupKill) TestProcess.Signal(child, 9);
        Assert.False(TestProcess.IsThere(child));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_living_shim_is_found_again_and_obeys(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var shim = await fixture.Of(form).Start(agent.Script("echo hello; sleep 600"));
        var heard = await shim.Until<ShimEvent.Output>();
        await shim.DisposeAsync();
        await using var found = Assert.IsType<ShimFinding.Alive>(await Find(form, agent)).Shim;
        Assert.Equal(shim.Shim, found.Shim);
        var told = await found.Until<ShimEvent.Output>();
        Assert.Equal(heard.OfType<ShimEvent.Started>(), told.OfType<ShimEvent.Started>());
        Assert.Equal(new ShimEvent.Output(6, 0), told[^1]);
        await found.Stop(5_000);
        Assert.Equal("graceful", (await found.Exit()).Reason);
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_shim_whose_socket_was_removed_makes_another(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var shim = await fixture.Of(form).Start(agent.Script("sleep 600"));
        await shim.Next<ShimEvent.Started>();
        await shim.DisposeAsync();
        File.Delete(Path.Combine(agent.Run(1), "shim.sock"));
        await using var found = Assert.IsType<ShimFinding.Alive>(await Find(form, agent)).Shim;
        await found.Next<ShimEvent.Started>();
        await found.Stop(5_000);
        Assert.Equal("graceful", (await found.Exit()).Reason);
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_shim_that_cannot_be_spoken_to_stops_on_a_signal_and_its_record_tells_the_rest(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var shim = await fixture.Of(form).Start(agent.Script("echo ready; sleep 600"));
        await shim.Until<ShimEvent.Output>();
        await shim.DisposeAsync();
        // A directory in the socket's place: it can be neither connected to nor made again.
        File.Delete(Path.Combine(agent.Run(1), "shim.sock"));
        Directory.CreateDirectory(Path.Combine(agent.Run(1), "shim.sock", "x"));
        await using var found = Assert.IsType<ShimFinding.Alive>(await Find(form, agent)).Shim;
        await found.Stop(5_000);
        var exit = await found.Exit();
        Assert.Equal((15, "graceful"), (exit.Signal, exit.Reason));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_process_that_has_the_number_of_a_lost_shim_is_left_alone(ShimForm form)
    {
        var agent = fixture.NewAgent();
        using var innocent = Process.Start("/bin/sleep", "600");
        var identity = ProcessTable.Identify(innocent.Id)!;
        await File.WriteAllTextAsync(Path.Combine(agent.Run(1), "shim.json"), $$"""
            {"protocol":1,"agentId":"{{agent.Id}}","run":1,"epoch":1,"boot":"{{identity.BootId}}","pid":{{identity.Pid}},"ticks":{{identity.StartTicks - 1}},"agentPid":{{identity.Pid}},"agentTicks":{{identity.StartTicks - 1}},"cgroups":[]}
            """);
        Assert.Equal(new ShimFinding.Gone(Reboot: false), await Find(form, agent));
        Assert.True(TestProcess.IsThere(innocent.Id));
        innocent.Kill();
        await innocent.WaitForExitAsync();
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task After_a_restart_of_the_machine_a_run_is_gone(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var self = ProcessTable.Identify(Environment.ProcessId)!;
        await File.WriteAllTextAsync(Path.Combine(agent.Run(1), "shim.json"), $$"""
            {"protocol":1,"agentId":"{{agent.Id}}","run":1,"epoch":1,"boot":"another","pid":{{self.Pid}},"ticks":{{self.StartTicks}},"agentPid":{{self.Pid}},"agentTicks":{{self.StartTicks}},"cgroups":[]}
            """);
        Assert.Equal(new ShimFinding.Gone(Reboot: true), await Find(form, agent));
        Assert.IsType<ShimFinding.NeverStarted>(await Find(form, agent, run: 2));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task Garbage_on_the_socket_does_no_harm(ShimForm form)
    {
        var agent = fixture.NewAgent();
        await using var shim = await fixture.Of(form).Start(agent.Spec(1, "cat") with { KeepInputOpen = true });
        await shim.Next<ShimEvent.Started>();
        var random = new Random(1);
        for (var i = 0; i < 20; i++)
        {
            var garbage = new byte[10_000];
            random.NextBytes(garbage);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(agent.Run(1), "shim.sock")));
            try
            {
                foreach (var bytes in (byte[][])["stop 15\nstop -1 0 0\nstop 99 1 1\ninput x\n"u8.ToArray(), garbage]) await socket.SendAsync(bytes);
            }
            catch (SocketException)
            {
                continue; // Thrown out, as it should be.
            }
        }
        Assert.True(await shim.WriteAsync("fine\n"u8.ToArray(), CancellationToken.None));
        await shim.CloseInputAsync(CancellationToken.None);
        Assert.Equal(0, (await shim.Exit()).Code);
        Assert.Equal("fine\n", agent.Read("stdout"));
    }
}
