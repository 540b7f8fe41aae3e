using Supervisor.Actors.Events;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Demo;

/// <summary>That crashed agents come back, later and later, and that one which only crashes is given up.</summary>
internal static class DemoRestartChecks
{
    /// <summary>A timer may fire this much before a time that is written in whole milliseconds.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(2);

    internal static DemoFinding Restarts(DemoFacts facts)
    {
        var plans = facts.Of(DemoCast.Crasher, "agent.restart-planned");
        var exits = facts.Of(DemoCast.Crasher, "agent.exited").Where(e => e.Number("code") == 1).ToList();
        return DemoFinding.Of(
            "a crashed agent is restarted, later each time",
            $"{exits.Count} crashes with exit 1, {plans.Count} restarts, delays {Delays(plans)}",
            plans.Count >= 2 ? null : "fewer than two restarts",
            exits.Count >= plans.Count ? null : "more restarts than crashes",
            FaultOf(plans, DemoCast.CrasherRestart),
            Early(facts, DemoCast.Crasher, plans));
    }

    internal static DemoFinding CrashLoop(DemoFacts facts)
    {
        var failures = DemoCast.BrokenRestart.CrashLoop.Failures;
        var plans = facts.Of(DemoCast.Broken, "agent.restart-planned");
        var loops = facts.Of(DemoCast.Broken, "agent.crash-loop-entered");
        var runs = facts.Of(DemoCast.Broken, "agent.run-decided").Count;
        var retry = loops.Count > 0 ? loops[0].Time("retryAt") : null;
        return DemoFinding.Of(
            "an agent that only crashes is given up",
            $"{runs} runs, delays {Delays(plans)}, then {(loops.Count == 0 ? "no crash loop" : $"a crash loop after {loops[0].Text("failures")} failures")}{(retry is { } at ? $", not tried again before {DemoChecks.Clock(at)}" : "")}",
            loops.Count == 1 ? null : $"{loops.Count} crash loops were entered",
            loops is [var loop, ..] && loop.Number("failures") != failures ? $"it took {loop.Text("failures")} failures instead of {failures}" : null,
            plans.Count == failures - 1 ? null : $"{plans.Count} restarts instead of {failures - 1}",
            runs == failures ? null : $"{runs} runs instead of {failures}",
            FaultOf(plans, DemoCast.BrokenRestart),
            Early(facts, DemoCast.Broken, plans));
    }

    /// <summary>Each delay is within its limits, and longer than the one before until the longest is reached.</summary>
    internal static string? FaultOf(IReadOnlyList<EventEntry> plans, RestartOptions options)
    {
        var before = TimeSpan.Zero;
        for (var i = 0; i < plans.Count; i++)
        {
            var delay = plans[i].Duration("delay");
            var middle = Math.Min(options.Max.TotalSeconds, options.Initial.TotalSeconds * Math.Pow(options.Factor, i));
            var (low, high) = (middle * (1 - options.Jitter), Math.Min(options.Max.TotalSeconds, middle * (1 + options.Jitter)));
            if (delay < TimeSpan.FromSeconds(low) - Rounding || delay > TimeSpan.FromSeconds(high) + Rounding)
                return $"delay {i + 1} is {delay.Seconds()} and should be from {TimeSpan.FromSeconds(low).Seconds()} to {TimeSpan.FromSeconds(high).Seconds()}";
            if (middle < options.Max.TotalSeconds && delay <= before) return $"delay {i + 1} is not longer than the one before";
            before = delay;
        }

        return null;
    }

    /// <summary>Nothing starts before its time.</summary>
    private static string? Early(DemoFacts facts, string agent, IReadOnlyList<EventEntry> plans)
    {
        foreach (var plan in plans)
        {
            var next = facts.Of(agent, "agent.run-decided").FirstOrDefault(e => e.Seq > plan.Seq);
            if (next is not null && next.At < plan.Time("startAt") - Rounding) return $"run {next.Run} was started before its time";
        }

        return null;
    }

    private static string Delays(IReadOnlyList<EventEntry> plans) => plans.Count == 0 ? "none" : string.Join(", ", plans.Select(p => p.Duration("delay").Seconds()));
}
