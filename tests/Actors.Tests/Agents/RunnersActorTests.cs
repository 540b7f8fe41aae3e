using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Outside;
using Supervisor.Actors.Tests.Common;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Fleet;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Tests.Agents;

public sealed class RunnersActorTests : TestKit
{
    private const int MaxStarts = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly StopRun StopSecond = new(new AgentId("a2"), 1, new StopOptions(), SaveWork: true, "asked for");

    private readonly TestProbe _record;
    private readonly TestProbe _outside;
    private readonly TestProbe _fleet;
    private readonly FakeRunFiles _files = new();
    private readonly FakeShims _shims;

    public RunnersActorTests() : base("akka.loglevel = WARNING")
    {
        (_record, _outside, _fleet) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _shims = new FakeShims(m => _outside.Ref.Tell(m));
    }

    private IActorRef Runners(int maxStarts = MaxStarts, IShims? shims = null)
    {
        var services = new RunnerServices("n1", shims ?? _shims, _files, new FakeProcesses(), new Dictionary<string, string>(), _record.Ref, _record.Ref);
        return Sys.ActorOf(Props.Create(() => new RunnersActor(services, _fleet.Ref, maxStarts)));
    }

    private static StartRun Start(string agent) => new(new AgentId(agent), 1, 1, Scene.Spec(), null);

    private ShimSpec Started() => _outside.ExpectMsg<ShimSpec>(Limit);

    [Fact]
    public void Two_hundred_starts_at_once_all_come_and_few_at_a_time()
    {
        var runners = Runners(shims: new Shims(_outside.Ref));
        for (var i = 0; i < 200; i++) runners.Tell(Start($"a{i}"));

        var open = new Queue<FakeShim>();
        for (var begun = 0; begun < 200; begun++)
        {
            open.Enqueue(_outside.ExpectMsg<FakeShim>(Limit));
            if (open.Count < MaxStarts && begun < 199) continue;
            // A round trip: had there been a fifth start, it would have come before the answer.
            runners.Tell(new SendToRun(new AgentId("nobody"), 1, "x"), TestActor);
            ExpectMsg<TextSent>(Limit);
            Assert.Empty(_outside.SoFar());
            open.Dequeue().Say(new ShimEvent.Started(new ProcessIdentity(7, 1, "boot"), DateTimeOffset.UnixEpoch));
        }
    }

    [Fact]
    public void A_decision_told_twice_is_one_start()
    {
        var runners = Runners(maxStarts: 1);
        foreach (var agent in new[] { "a1", "a2", "a1", "a2" }) runners.Tell(Start(agent));
        Assert.Equal("a1", Started().AgentId);
        _shims.Shim.Say(new ShimEvent.Started(new ProcessIdentity(7, 1, "boot"), DateTimeOffset.UnixEpoch));
        Assert.Equal("a2", Started().AgentId);
        runners.Tell(new SendToRun(new AgentId("nobody"), 1, "x"), TestActor);
        ExpectMsg<TextSent>(Limit);
        Assert.Empty(_outside.SoFar());
    }

    [Fact]
    public void A_start_that_fails_lets_the_next_begin()
    {
        var runners = Runners(maxStarts: 1);
        runners.Tell(Start("a1"));
        runners.Tell(Start("a2"));
        Assert.Equal("a1", Started().AgentId);
        _shims.Shim.Say(new ShimEvent.SpawnFailed("ENOENT", "x"));
        Assert.Equal("a2", Started().AgentId);
    }

    [Fact]
    public void A_run_that_waits_for_its_turn_and_is_stopped_never_begins()
    {
        var runners = Runners(maxStarts: 1);
        runners.Tell(Start("a1"));
        runners.Tell(Start("a2"));
        runners.Tell(StopSecond, TestActor);
        Assert.Equal("ECANCELED", ExpectMsg<RunDidNotBegin>(Limit).Errno);
        Assert.Equal("a1", Started().AgentId);
        _shims.Shim.Say(new ShimEvent.SpawnFailed("ENOENT", "x"));
        _record.FishForMessage(m => m is RunDidNotBegin, Limit);
        runners.Tell(new SendToRun(new AgentId("nobody"), 1, "x"), TestActor);
        ExpectMsg<TextSent>(Limit);
        Assert.Empty(_outside.SoFar());
    }

    [Fact]
    public void A_run_that_waits_for_its_turn_is_not_taken_for_lost()
    {
        var runners = Runners(maxStarts: 1);
        runners.Tell(Start("a1"));
        runners.Tell(Start("a2"));
        runners.Tell(new AdoptRun(new AgentId("a2"), 1, 1, Scene.Spec()));
        Assert.Equal("a1", Started().AgentId);
        _shims.Shim.Say(new ShimEvent.Started(new ProcessIdentity(7, 1, "boot"), DateTimeOffset.UnixEpoch));
        Assert.Equal("a2", Started().AgentId);
        Assert.DoesNotContain(_record.SoFar(), m => m is RunVanished);
    }

    [Fact]
    public void The_fleet_is_told_of_runs_without_an_end()
    {
        _files.Left = [new AgentId("old")];
        Runners();
        Assert.Equal([new AgentId("old")], _fleet.ExpectMsg<FleetProtocol.ReportDirectories>(Limit).Agents);
    }

    /// <summary>A shim of its own for every start, handed to the test.</summary>
    private sealed class Shims(IActorRef starts) : IShims
    {
        public ShimFacilities Facilities => new(ShimForm.Native, false, false, false);

        public Task<IShim> StartAsync(ShimSpec spec, CancellationToken cancel)
        {
            var shim = new FakeShim(_ => { });
            starts.Tell(shim);
            return Task.FromResult<IShim>(shim);
        }

        public Task<ShimFinding> FindAsync(string agentDirectory, string runDirectory, CancellationToken cancel) =>
            Task.FromResult<ShimFinding>(new ShimFinding.NeverStarted());
    }
}
