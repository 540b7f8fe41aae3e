using Supervisor.Actors.Common;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Watchdog;
using static Supervisor.Messages.Watchdog.WatchdogProtocol;

namespace Supervisor.Actors.Watchdog;

/// <summary>
/// Alive, dead or unknown; and, of the living, whether they still get anywhere. Stalled means: every signal that matters was read,
/// and none has moved for <c>stallAfter</c>.
/// </summary>
/// <remarks>
/// Child processes. That one exists proves little: a helper (an MCP server) is always there, and must not hide a stall for ever. So a
/// child counts where it works: when it comes or goes, and by the CPU it burns, which is in the CPU of the tree. A tool that only
/// waits (for a test run elsewhere) does neither; while there are more children than the run ever has at rest, the agent therefore
/// gets twice its time, and no more.
/// </remarks>
public static class Liveness
{
    /// <summary>A gap of more sweeps than this is a suspended machine or a stopped daemon, and no agent's silence.</summary>
    const int LateSweeps = 3;

    /// <param name="sweep">The time that should lie between two looks.</param>
    public static (LivenessVerdict Verdict, RunWatch Watch) Judge(RunWatch watch, RunSample sample, LivenessOptions options, DateTimeOffset now, TimeSpan sweep)
    {
        // A sample much older than the last is none that came late, but the first since its node's clock was set back.
        if (sample.Run < watch.Run || (sample.Run == watch.Run && sample.At < watch.SampledAt && watch.SampledAt - sample.At <= sweep * LateSweeps))
        {
            return (new LivenessVerdict.Unknown("an old sample came late", watch.Evidence(now)), watch);
        }

        if (sample.Run > watch.Run)
        {
            watch = RunWatch.Start(sample.AgentId, sample.Run, now);
        }

        var gap = now - watch.JudgedAt;
        var rearmed = gap > sweep * LateSweeps || gap < TimeSpan.Zero;
        watch = watch.Seen(sample, options, now) with { JudgedAt = now };
        if (rearmed)
        {
            // While we did not look, nobody ran: everyone gets the full time again. Also after a clock was set back.
            watch = watch with { QuietSince = now };
        }

        var verdict = Judge(watch, sample, options, now, rearmed, now - watch.FreshAt > sweep * LateSweeps);
        return verdict is LivenessVerdict.Stalled { Step: { } step }
            ? (verdict, watch with { Rungs = watch.Rungs + 1, RungAt = now, NudgedAt = step == StallStep.Nudge ? now : watch.NudgedAt })
            : (verdict, watch);
    }

    /// <summary>Asked with a fresh sample immediately before a stalled run is ended: has still nothing moved, and is it still this run?</summary>
    public static bool StillStalled(RunWatch watch, RunSample fresh, LivenessOptions options) =>
        fresh.Run == watch.Run && fresh.Process == ProcessState.Alive && fresh.OutputBytes is not null && fresh.CpuTicks is not null
        && watch.Seen(fresh, options, watch.JudgedAt).Moved.Count == 0;

    static LivenessVerdict Judge(RunWatch watch, RunSample sample, LivenessOptions options, DateTimeOffset now, bool rearmed, bool stale)
    {
        var evidence = watch.Evidence(now);
        if (stale)
        {
            return new LivenessVerdict.Unknown($"no new sample for {Durations.Say(now - watch.FreshAt)}", evidence);
        }

        if (sample.Process != ProcessState.Alive)
        {
            return sample.Process == ProcessState.Dead
                ? new LivenessVerdict.Dead([$"process gone: {sample.Why}", .. evidence])
                : new LivenessVerdict.Unknown($"process: {sample.Why}", evidence);
        }

        if (sample.ResultSeenAt is { } result)
        {
            var since = sample.At - result;
            evidence = [$"result {Durations.Say(since)} ago", .. evidence];
            return since >= options.LingerAfter && !rearmed ? new LivenessVerdict.Lingering(evidence) : new LivenessVerdict.Alive(evidence);
        }

        var quiet = now - watch.QuietSince;
        var patience = watch.Helpers < sample.ChildProcesses ? options.StallAfter * 2 : options.StallAfter;
        var overdue = !watch.ShowedLife && sample.At - sample.StartedAt >= options.StartWithin && quiet >= options.StartWithin;
        if (rearmed || (!overdue && quiet < patience))
        {
            return new LivenessVerdict.Alive(rearmed ? ["re-armed: nobody looked for a while, or the clock was set", .. evidence] : evidence);
        }

        // Silence is proven only where someone listened. Not every run has a transcript or a repository; output and CPU all have.
        if (sample.OutputBytes is null || sample.CpuTicks is null)
        {
            return new LivenessVerdict.Unknown(sample.OutputBytes is null ? "output cannot be read" : "cpu cannot be read", evidence);
        }

        if (overdue)
        {
            return new LivenessVerdict.FailedToStart([$"no sign of life {Durations.Say(sample.At - sample.StartedAt)} after its start", .. evidence]);
        }

        // Each further rung has the same time to work as the stall had to become one.
        var due = watch.Rungs < options.OnStall.Count && (watch.RungAt is not { } last || now - last >= options.StallAfter);
        return new LivenessVerdict.Stalled(due ? options.OnStall[watch.Rungs] : null, quiet, [$"nothing moved for {Durations.Say(quiet)}", .. evidence]);
    }
}

/// <summary>When a whole fleet dies in one sweep, the sweep is the likelier culprit: its probe, its clock, its network.</summary>
public static class MassDeath
{
    /// <returns>What the alert should say; null: the sweep may be believed. If not null, nothing is killed.</returns>
    public static string? Suspect(IReadOnlyCollection<LivenessVerdict> judgements, int atLeast, double share)
    {
        var bad = judgements.Count(verdict => verdict is LivenessVerdict.Dead or LivenessVerdict.Stalled or LivenessVerdict.FailedToStart);
        return bad >= atLeast && bad > share * judgements.Count ? $"{bad} of {judgements.Count} agents look dead or stalled in one sweep" : null;
    }
}
