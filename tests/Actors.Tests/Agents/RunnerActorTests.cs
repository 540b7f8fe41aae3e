using System.Text;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Outside;
using Supervisor.Actors.Tests.Common;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Repositories;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Tests.Agents;

public sealed class RunnerActorTests : TestKit
{
    private static readonly AgentId A1 = new("A1");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly AgentSpec Plain = Scene.Spec();
    private static readonly AgentSpec Claude = new(
        new AgentOptions { Id = "A1", Kind = AgentKind.ClaudeCode, Repository = "app", Workspace = "worktree" }, "work", "h", "h");

    private readonly TestProbe _record;
    private readonly TestProbe _repositories;
    private readonly TestProbe _outside;
    private readonly FakeRunFiles _files = new();
    private readonly FakeShims _shims;

    public RunnerActorTests() : base("""
        akka.loglevel = WARNING
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        """)
    {
        (_record, _repositories, _outside) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _shims = new FakeShims(m => _outside.Ref.Tell(m));
    }

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    private IActorRef Runner()
    {
        var services = new RunnerServices("n1", _shims, _files, new FakeProcesses(), new Dictionary<string, string>(), _repositories.Ref, _record.Ref);
        var runner = Sys.ActorOf(Props.Create(() => new RunnerActor(A1, 1, services)));
        Watch(runner);
        return runner;
    }

    private IActorRef Running(AgentSpec? spec = null)
    {
        var runner = Runner();
        runner.Tell(new StartRun(A1, 1, 1, spec ?? Plain, null));
        if (spec == Claude)
        {
            _repositories.ExpectMsg<RepositoryProtocol.PrepareWorkspace>(Limit);
            runner.Tell(new RepositoryProtocol.WorkspaceReady(new RepositoryId("app"), A1, "/w", "/g"));
        }

        _outside.ExpectMsg<ShimSpec>(Limit);
        _shims.Shim.Say(new ShimEvent.Started(new ProcessIdentity(7, 1, "boot"), Clock.Now));
        Report<RunBegan>();
        return runner;
    }

    private T Report<T>() => (T)_record.FishForMessage(m => m is T, Limit);

    private static ShimExit Exit(int code = 0) => new(code, null, false, EndedBy.Agent, $"exit {code}", DateTimeOffset.UnixEpoch);

    private static StopRun Stop => new(A1, 1, new StopOptions(), SaveWork: true, "asked for");

    [Fact]
    public void An_end_is_told_after_all_that_was_said_before_it()
    {
        Running(Claude);
        _files.Stdout = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("{\"type\":\"nothing\",\"x\":\"" + new string('x', 1000) + "\"}\n", 4000))
            + "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"done\",\"session_id\":\"s\"}\n");
        _shims.Shim.Say(new ShimEvent.Output(_files.Stdout.Length, 0));
        _shims.Shim.Say(new ShimEvent.Exited(Exit()));
        var news = (IReport)_record.FishForMessage(m => m is RunResult or RunEnded, Limit);
        Assert.IsType<RunResult>(news);
        Report<RunEnded>();
    }

    [Fact]
    public void An_end_is_told_again_until_it_is_stored_and_then_the_runner_goes()
    {
        var runner = Running();
        _shims.Shim.Say(new ShimEvent.Exited(Exit(3)));
        _shims.Shim.Say(new ShimEvent.Drained(0, 0));
        Report<RunEnded>();
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(3, Report<RunEnded>().Exit.Code);
        runner.Tell(new ForgetRun(A1, 1));
        ExpectTerminated(runner, Limit);
    }

    [Fact]
    public void A_runner_whose_end_was_stored_before_the_last_output_goes_with_that()
    {
        var runner = Running();
        _shims.Shim.Say(new ShimEvent.Exited(Exit()));
        Report<RunEnded>();
        runner.Tell(new ForgetRun(A1, 1));
        _shims.Shim.Say(new ShimEvent.Drained(10, 0));
        ExpectTerminated(runner, Limit);
    }

    [Fact]
    public void A_stop_waits_for_the_snapshot()
    {
        var runner = Running(Claude);
        runner.Tell(Stop);
        _repositories.ExpectMsg<RepositoryProtocol.SaveWork>(Limit);
        runner.Tell(new SendToRun(A1, 1, "still there?"));
        // The signal would have come before the input.
        Assert.Equal("input", _outside.ExpectMsg<string>(Limit));
        runner.Tell(new RepositoryProtocol.NothingToSave(new RepositoryId("app"), A1));
        Assert.Equal("signal 15", _outside.ExpectMsg<string>(Limit));
    }

    [Fact]
    public void A_stop_goes_on_without_a_snapshot_after_5_seconds()
    {
        var runner = Running(Claude);
        runner.Tell(Stop);
        _repositories.ExpectMsg<RepositoryProtocol.SaveWork>(Limit);
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("signal 15", _outside.ExpectMsg<string>(Limit));
    }

    [Fact]
    public void A_stop_before_the_workspace_is_ready_starts_nothing()
    {
        var runner = Runner();
        runner.Tell(new StartRun(A1, 1, 1, Claude, null));
        _repositories.ExpectMsg<RepositoryProtocol.PrepareWorkspace>(Limit);
        runner.Tell(Stop);
        runner.Tell(new RepositoryProtocol.WorkspaceReady(new RepositoryId("app"), A1, "/w", "/g"));
        Assert.Equal("ECANCELED", Report<RunDidNotBegin>().Errno);
        Assert.Empty(_outside.SoFar());
    }

    [Fact]
    public void A_decision_acted_on_before_is_not_acted_on_twice()
    {
        _files.Create(new RunIntent("A1", 1, 1, "n1", "command", "h", null, DateTimeOffset.UnixEpoch));
        _shims.Found = () => new ShimFinding.Alive(_shims.Shim);
        Runner().Tell(new StartRun(A1, 1, 1, Plain, null));
        Assert.Equal("find", _outside.ExpectMsg<string>(Limit));
        _shims.Shim.Say(new ShimEvent.Started(new ProcessIdentity(7, 1, "boot"), Clock.Now));
        Assert.True(Report<RunBegan>().Adopted);
    }

    [Fact]
    public void A_run_found_ended_is_told_with_its_status()
    {
        _shims.Found = () => new ShimFinding.Ended(Exit(9));
        Runner().Tell(new AdoptRun(A1, 1, 1, Plain));
        Assert.Equal(9, Report<RunEnded>().Exit.Code);
    }

    [Theory]
    [InlineData(false, "shim-lost")]
    [InlineData(true, "reboot")]
    public void A_run_found_gone_is_told_as_lost(bool reboot, string reason)
    {
        _shims.Found = () => new ShimFinding.Gone(reboot);
        Runner().Tell(new AdoptRun(A1, 1, 1, Plain));
        Assert.Equal(reason, Report<RunVanished>().Reason);
    }

    [Fact]
    public void A_run_that_never_started_is_told_so()
    {
        Runner().Tell(new AdoptRun(A1, 1, 1, Plain));
        Assert.Equal("never-started", Report<RunVanished>().Reason);
    }

    [Fact]
    public void A_run_that_cannot_be_looked_for_is_looked_for_again_and_not_called_ended()
    {
        var failed = false;
        _shims.Found = () =>
        {
            if (failed) return new ShimFinding.Alive(_shims.Shim);
            failed = true;
            throw new IOException("no descriptor left");
        };
        var runner = Runner();
        EventFilter.Warning(contains: "no descriptor left").ExpectOne(Limit, () => runner.Tell(new AdoptRun(A1, 1, 1, Plain)));
        Clock.Advance(TimeSpan.FromSeconds(5));
        _shims.Shim.Say(new ShimEvent.Started(new ProcessIdentity(7, 1, "boot"), Clock.Now));
        Assert.IsType<RunBegan>(_record.ReceiveOne(Limit));
    }

    [Fact]
    public void Work_is_saved_before_a_stop_that_came_while_the_run_was_looked_for()
    {
        _shims.Found = () => new ShimFinding.Alive(_shims.Shim);
        var runner = Runner();
        runner.Tell(new AdoptRun(A1, 1, 1, Claude));
        runner.Tell(Stop);
        _repositories.ExpectMsg<RepositoryProtocol.SaveWork>(Limit);
    }

    [Fact]
    public void A_shim_that_cannot_be_listened_to_any_more_is_looked_for_anew()
    {
        Running();
        _shims.Shim.Break(new IOException("socket"));
        Assert.Equal(1, Report<RunnerRestarted>().Run);
    }

    [Fact]
    public void A_kind_without_messages_says_so()
    {
        Running().Tell(new SendToRun(A1, 1, "hello"));
        var sent = Report<TextSent>();
        Assert.Equal((false, "an agent of kind Command takes no messages while it runs"), (sent.Sent, sent.Reason));
    }

    [Fact]
    public void What_survives_SIGKILL_is_told()
    {
        Running();
        _shims.Shim.Say(new ShimEvent.Stuck());
        Assert.NotEmpty(Report<RunIsStuck>().Evidence);
    }
}
