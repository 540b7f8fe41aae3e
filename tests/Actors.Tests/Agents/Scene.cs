using Supervisor.Actors.Agents;
using Supervisor.Actors.Common;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using static Supervisor.Messages.Agents.AgentProtocol;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Tests.Agents;

/// <summary>One agent's rules, told one thing after another; no actor, no clock.</summary>
internal sealed class Scene
{
    public static readonly AgentId A1 = new("A1");
    public static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public AgentState State { get; private set; } = new() { Id = A1 };
    public DateTimeOffset Now { get; set; } = T0;
    public IReadOnlyList<IEvent> Last { get; private set; } = [];
    public string? Refused { get; private set; }

    public static AgentSpec Spec(RestartOptions? restart = null, string hash = "h1") => new(
        new AgentOptions { Id = "A1", Kind = AgentKind.Command, Command = ["x"], Workspace = "none", Restart = restart ?? new RestartOptions { Jitter = 0 } }, "", hash, hash);

    public static Scene Configured(RestartOptions? restart = null) => new Scene().Wish(spec: Spec(restart));

    public static Scene Running(RestartOptions? restart = null) => Configured(restart).Began();

    public static Scene Stopped() => Running().Stop().Ended(0);

    public Scene Wish(Hold hold = Hold.None, string text = "", string? node = "n1", AgentSpec? spec = null)
    {
        var wanted = spec ?? State.Spec ?? Spec();
        State = State with { Spec = wanted, Place = node };
        return Take(State.Decide(new Configure(A1, wanted, hold, text, node), Now));
    }

    public Scene Start() => Take(State.Decide(new Start(A1, "ann"), Now));
    public Scene Stop() => Take(State.Decide(new Stop(A1, "ann"), Now));
    public Scene Restart() => Take(State.Decide(new Restart(A1, "ann", "asked for"), Now));
    public Scene Remove() => Take(State.Decide(new Remove(A1), Now));
    public Scene Due() => Take(State.DecideStartDue(Now));
    public Scene Began(long? run = null, bool adopted = false) => Take(State.Decide(new RunBegan(A1, run ?? State.Run, (int)(100 + State.Run), adopted, Now), Now));
    public Scene DidNotBegin(long? run = null) => Take(State.Decide(new RunDidNotBegin(A1, run ?? State.Run, "ENOENT", "x"), Now, 0.5));
    public Scene Ended(int code, long? run = null) => Take(State.Decide(new RunEnded(A1, new RunExit(run ?? State.Run, code, null, EndedBy.Agent, "exit", Now)), Now, 0.5));
    public Scene Vanished(long? run = null) => Take(State.Decide(new RunVanished(A1, run ?? State.Run, "shim-lost"), Now, 0.5));
    public Scene Stuck(long? run = null) => Take(State.Decide(new RunIsStuck(A1, run ?? State.Run, ["D state"]), Now));
    public Scene Result(bool success) => Take(State.Decide(new RunResult(A1, State.Run, success, "done"), Now));
    public Scene Session(string session) => Take(State.Decide(new RunSession(A1, State.Run, session, "m"), Now));
    public Scene Limited(DateTimeOffset until) => Take(State.Decide(new RunRateLimited(A1, State.Run, until, "429"), Now));
    public Scene Found(Messages.Watchdog.LivenessFinding finding, StallStep? step = null, long? run = null) => Take(State.Decide(new ReportLiveness(A1, run ?? State.Run, finding, step, ["quiet"]), Now));
    public Scene Suspect() => Take(new Decision<IEvent>.Accept([new AgentSuspect(A1, State.Run, "n1", Now)]));

    public Scene After(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    private Scene Take(Decision<IEvent> decision)
    {
        Refused = (decision as Decision<IEvent>.Reject)?.Reason;
        Last = (decision as Decision<IEvent>.Accept)?.Events ?? [];
        foreach (var e in Last) State = State.Apply(e);
        return this;
    }
}
