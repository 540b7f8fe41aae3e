using System.Collections.Immutable;
using System.Globalization;
using Supervisor.Actors.Common;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using static Supervisor.Messages.Watchdog.WatchdogProtocol;

namespace Supervisor.Actors.Watchdog;

/// <summary>The signals of life, each a total that only work changes.</summary>
public enum Signal { Output, Events, Session, Cpu, Children, Commits }

/// <summary>The last value known of a signal, and when it last moved; null: not since it is watched.</summary>
public sealed record Known(string Value, DateTimeOffset? MovedAt);

/// <summary>What is remembered of one run from look to look. Never persisted: whoever begins to watch gives the run its full time again.</summary>
public sealed record RunWatch
{
    /// <summary>Less of one core than this, on average, is the idling of an event loop.</summary>
    const double IdleShare = 0.01;

    /// <summary>Clock ticks per second, and the fewest that count at all: one collection of garbage is no work.</summary>
    const int Hertz = 100;
    const int FewestTicks = 5;

    /// <summary>Samples closer together than this are added up before their CPU is judged idle.</summary>
    static readonly TimeSpan CpuWindow = TimeSpan.FromSeconds(10);

    public required AgentId AgentId { get; init; }
    public required long Run { get; init; }

    /// <summary>Since when nothing at all has moved.</summary>
    public required DateTimeOffset QuietSince { get; init; }
    public required DateTimeOffset JudgedAt { get; init; }

    /// <summary>The newest sample's own time, by the clock of its node, and when it came, by ours. The two are never compared.</summary>
    public DateTimeOffset? SampledAt { get; init; }
    public DateTimeOffset FreshAt { get; init; }

    /// <summary>What the newest sample moved.</summary>
    public IReadOnlyList<Signal> Moved { get; init; } = [];
    public ImmutableDictionary<Signal, Known> Signals { get; init; } = ImmutableDictionary<Signal, Known>.Empty;

    /// <summary>Where the measuring of CPU stands: ticks at a time.</summary>
    public (DateTimeOffset At, long Ticks)? CpuMark { get; init; }

    /// <summary>The fewest children seen once the run had started up: helpers that are always there, and no tools.</summary>
    public int? Helpers { get; init; }

    /// <summary>Something has shown that the program got going.</summary>
    public bool ShowedLife { get; init; }

    /// <summary>Rungs of the ladder already taken in this stall, and when the last was.</summary>
    public int Rungs { get; init; }
    public DateTimeOffset? RungAt { get; init; }
    public DateTimeOffset? NudgedAt { get; init; }

    public static RunWatch Start(AgentId agent, long run, DateTimeOffset now) =>
        new() { AgentId = agent, Run = run, QuietSince = now, JudgedAt = now, FreshAt = now };

    /// <summary>The verdict was not acted upon, as in a suspect sweep: the rung is still to be taken.</summary>
    public RunWatch WithoutRungSince(RunWatch before) => this with { Rungs = before.Rungs, RungAt = before.RungAt, NudgedAt = before.NudgedAt };

    /// <summary>The first moment at which the time of this run may be up; <see cref="DateTimeOffset.MaxValue"/>: only the ordinary sweeps look on.</summary>
    /// <param name="result">When it last said that it was done.</param>
    public DateTimeOffset DueAt(LivenessOptions options, DateTimeOffset? result)
    {
        // Every rung taken: nothing more is to be done about a stall.
        var stall = Rungs >= options.OnStall.Count ? DateTimeOffset.MaxValue : (RungAt ?? QuietSince) + options.StallAfter;
        // Looked at since, and patience was given: once more when that is used up.
        if (stall <= JudgedAt) stall = JudgedAt + options.StallAfter;
        var start = QuietSince + options.StartWithin;
        if (ShowedLife || start <= JudgedAt) start = DateTimeOffset.MaxValue;
        var linger = result is { } at && at + options.LingerAfter > JudgedAt ? at + options.LingerAfter : DateTimeOffset.MaxValue;
        return new[] { stall, start, linger }.Min();
    }

    /// <summary>Takes in what a look found. Movements are dated by our clock; the sample's own is for what lies between two samples.</summary>
    public RunWatch Seen(RunSample sample, LivenessOptions options, DateTimeOffset now)
    {
        var moved = new List<Signal>();
        var signals = Signals;
        foreach (var (signal, value) in Values(sample))
        {
            // A failed probe keeps the last known value: whatever moved meanwhile shows when it works again.
            if (value is null || (signals.TryGetValue(signal, out var known) && known.Value == value))
            {
                continue;
            }

            if (known is not null)
            {
                moved.Add(signal);
            }

            signals = signals.SetItem(signal, new Known(value, known is null ? null : now));
        }

        var cpu = CpuMark;
        if (sample.CpuTicks is { } ticks)
        {
            var busy = cpu is { } mark && Busy(ticks - mark.Ticks, sample.At - mark.At);
            signals = signals.SetItem(Signal.Cpu, new Known(Text(ticks), busy ? now : signals.GetValueOrDefault(Signal.Cpu)?.MovedAt));
            cpu = cpu is null || busy || ticks < cpu.Value.Ticks || sample.At - cpu.Value.At >= CpuWindow ? (sample.At, ticks) : cpu;
            if (busy)
            {
                moved.Add(Signal.Cpu);
            }
        }

        // A transcript grows by our own nudge alone, a helper may respawn for ever, and the commit may be ours: they buy time, but only
        // the agent's own work lets the ladder begin again from below. Otherwise a dead agent would be nudged for ever.
        var work = moved.Exists(signal => signal is Signal.Output or Signal.Events or Signal.Cpu);
        var started = sample.At - sample.StartedAt > options.StartWithin;
        return this with
        {
            Signals = signals,
            CpuMark = cpu,
            SampledAt = sample.At,
            FreshAt = sample.At == SampledAt ? FreshAt : now,
            Moved = moved,
            QuietSince = moved.Count > 0 ? now : QuietSince,
            Helpers = started && sample.ChildProcesses is { } children ? Math.Min(Helpers ?? children, children) : Helpers,
            ShowedLife = ShowedLife || moved.Count > 0 || sample.OutputBytes > 0 || sample.ParsedEvents > 0 || sample.SessionFileBytes > 0 || sample.ChildProcesses > 0,
            Rungs = work ? 0 : Rungs,
            RungAt = work ? null : RungAt,
        };
    }

    /// <summary>One line for each signal: <c>output 14m12s ago (123456 bytes)</c>.</summary>
    public IReadOnlyList<string> Evidence(DateTimeOffset now) => [.. Enum.GetValues<Signal>().Select(signal =>
    {
        var name = signal.ToString().ToLowerInvariant();
        if (!Signals.TryGetValue(signal, out var known))
        {
            return $"{name} unknown";
        }

        var unit = signal switch { Signal.Output or Signal.Session => " bytes", Signal.Cpu => " ticks", _ => "" };
        var value = signal == Signal.Children ? known.Value.Split(' ')[0] : known.Value;
        var moved = known.MovedAt is { } at ? $"{Durations.Say(now - at)} ago" : "not since watched";
        return $"{name} {moved} ({value}{unit})";
    })];

    static bool Busy(long ticks, TimeSpan over) => ticks >= Math.Max(FewestTicks, over.TotalSeconds * Hertz * IdleShare);

    static IEnumerable<(Signal, string?)> Values(RunSample sample) =>
    [
        (Signal.Output, Text(sample.OutputBytes)),
        (Signal.Events, Text(sample.ParsedEvents)),
        (Signal.Session, Text(sample.SessionFileBytes)),
        (Signal.Children, sample.ChildProcesses is null ? null : $"{Text(sample.ChildProcesses)} {sample.ChildSet}"),
        (Signal.Commits, sample.Head),
    ];

    static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
