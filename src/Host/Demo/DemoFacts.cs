using System.Globalization;
using System.Text.Json;
using Supervisor.Actors.Events;

namespace Supervisor.Host.Demo;

/// <summary>The subjects of an agent's commits, oldest first: in its own branch, and in the one on the remote.</summary>
internal sealed record DemoBranch(IReadOnlyList<string> Local, IReadOnlyList<string> Remote);

/// <param name="Unfinished">What the snapshot holds as <c>unfinished.txt</c>; null: no such file.</param>
internal sealed record DemoRescue(string Ref, string? Unfinished);

/// <summary>Everything that was seen of a demo; the verdicts follow from it alone.</summary>
internal sealed record DemoFacts
{
    /// <summary>The daemon's event log, to its end.</summary>
    public required IReadOnlyList<EventEntry> Events { get; init; }
    public required IReadOnlyDictionary<string, DemoBranch> Branches { get; init; }
    public required IReadOnlyList<DemoRescue> Rescues { get; init; }

    /// <summary>What the hanging agent had written and not committed.</summary>
    public required string Unfinished { get; init; }

    /// <summary>What the stubborn agent and its child printed.</summary>
    public required string StubbornOutput { get; init; }
    public required IReadOnlyList<DemoProcess> Left { get; init; }

    /// <summary>Null: the daemon had to be killed.</summary>
    public required int? DaemonExit { get; init; }
    public required TimeSpan DaemonTook { get; init; }

    public IReadOnlyList<EventEntry> Of(string agent, string type) => [.. Events.Where(e => e.Agent == agent && e.Type == type)];
}

/// <summary>Reads an event's data.</summary>
internal static class DemoEventData
{
    /// <summary>Empty where there is none.</summary>
    public static string Text(this EventEntry entry, string name) =>
        entry.Data.ValueKind == JsonValueKind.Object && entry.Data.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "";

    public static int? Number(this EventEntry entry, string name) =>
        int.TryParse(entry.Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static TimeSpan Duration(this EventEntry entry, string name) => TimeSpan.Parse(entry.Text(name), CultureInfo.InvariantCulture);

    public static DateTimeOffset? Time(this EventEntry entry, string name) =>
        DateTimeOffset.TryParse(entry.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static IReadOnlyList<string> Reasons(this EventEntry entry) =>
        entry.Evidence is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(item => item.ToString())] : [];

    public static string Seconds(this TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");
}
