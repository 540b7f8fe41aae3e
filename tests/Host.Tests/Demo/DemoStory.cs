using System.Text.Json;
using Supervisor.Actors.Events;
using Supervisor.Host.Demo;

namespace Supervisor.Host.Tests.Demo;

/// <summary>The facts of a demo in which all went well, for tests to take something away from.</summary>
internal static class DemoStory
{
    private const string Ref = "refs/supervisor/rescue/hanger/20261123T120010.000Z";
    private static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static DemoFacts Good => new()
    {
        Events = [.. Told().Select((e, i) => e with { Seq = i + 1 })],
        Branches = new Dictionary<string, DemoBranch>
        {
            ["A1"] = Same("A1 work 1", "A1 work 2", "A1 work 3"),
            ["A2"] = Same("A2 work 1", "A2 work 2"),
            ["A3"] = Same("A3 work 1", "A3 work 2"),
            ["hanger"] = Same("hanger work 1"),
            ["finisher"] = Same("finisher work 1"),
        },
        Rescues = [new DemoRescue(Ref, "half of a thought")],
        Unfinished = "half of a thought",
        StubbornOutput = "busy\nSIGTERM came; I go on\n",
        Left = [],
        DaemonExit = 0,
        DaemonTook = TimeSpan.FromSeconds(2),
    };

    public static DemoFacts Without(string agent, string type) => Good.With(events => events.Where(e => e.Agent != agent || e.Type != type));

    public static DemoFacts With(this DemoFacts facts, Func<IEnumerable<EventEntry>, IEnumerable<EventEntry>> change) => facts with { Events = [.. change(facts.Events)] };

    /// <summary>The same facts, with other data in one agent's events of a type.</summary>
    public static DemoFacts Changed(string agent, string type, object data) =>
        Good.With(events => events.Select(e => e.Agent == agent && e.Type == type ? e with { Data = JsonSerializer.SerializeToElement(data) } : e));

    public static DemoFacts Branch(string agent, params string[] remote) =>
        Good with { Branches = Good.Branches.ToDictionary(b => b.Key, b => b.Key == agent ? b.Value with { Remote = remote } : b.Value) };

    public static EventEntry Event(double at, string agent, string type, long run, object? data = null, params string[] evidence) => new(
        0, T0.AddSeconds(at), type, "demo", Agent: agent, Run: run, Data: JsonSerializer.SerializeToElement(data ?? new { }), Evidence: evidence.Length == 0 ? null : JsonSerializer.SerializeToElement(evidence));

    public static object Plan(double at, double delay) => new { delay = TimeSpan.FromSeconds(delay).ToString(), startAt = T0.AddSeconds(at + delay) };

    private static DemoBranch Same(params string[] subjects) => new(subjects, subjects);

    private static IEnumerable<EventEntry> Told() =>
    [
        .. Crashes("crasher", ranFor: 3, 0.5, 1.1, 1.9),
        .. Crashes("broken", ranFor: 0, 0.2, 0.38, 0.8, 1.7),
        .. Run("broken", 5, 4.5),
        Event(4.5, "broken", "agent.exited", 5, new { code = 1, by = "agent", reason = "exited" }),
        Event(4.5, "broken", "agent.crash-loop-entered", 5, new { failures = 5, retryAt = T0.AddHours(1) }),

        .. Run("hanger", 1, 1),
        Event(8, "hanger", "agent.stalled", 1, new { step = "resume" }, "nothing moved for 6s", "output not since watched (10 bytes)"),
        Event(8, "hanger", "agent.stop-decided", 1, new { then = "resume", by = "watchdog" }),
        Event(8.1, "hanger", "work.saved", 1, new { @ref = Ref }),
        Event(8.2, "hanger", "agent.exited", 1, new { signal = 15, by = "supervisor", reason = "graceful" }),
        .. Run("hanger", 2, 9),

        .. Run("stubborn", 1, 1),
        Event(20, "stubborn", "agent.stop-decided", 1, new { then = "stay", by = "http" }),
        Event(21.55, "stubborn", "agent.exited", 1, new { signal = 9, by = "supervisor", reason = "grace-expired" }),
        Event(21.55, "stubborn", "agent.stopped", 1),

        .. Run("finisher", 1, 1),
        Event(2, "finisher", "agent.exited", 1, new { code = 0, by = "agent", reason = "exited" }),
        Event(2, "finisher", "agent.completed", 1),
    ];

    private static IEnumerable<EventEntry> Crashes(string agent, double ranFor, params double[] delays)
    {
        var at = 1.0;
        for (var i = 0; i < delays.Length; i++)
        {
            foreach (var e in Run(agent, i + 1, at)) yield return e;
            at += ranFor;
            yield return Event(at, agent, "agent.exited", i + 1, new { code = 1, by = "agent", reason = "exited" });
            yield return Event(at, agent, "agent.restart-planned", i + 1, Plan(at, delays[i]));
            at += delays[i] + 0.01;
        }
    }

    private static EventEntry[] Run(string agent, long run, double at) =>
        [Event(at, agent, "agent.run-decided", run), Event(at, agent, "agent.started", run, new { pid = 100 + run })];
}
