using System.Text.Json;
using Supervisor.Actors.Serialization;

namespace Supervisor.Host.Demo;

/// <summary>One thing that should hold, whether it did, and what that rests on.</summary>
internal sealed record DemoFinding(string What, bool Held, string Evidence)
{
    /// <summary>It held when there is no fault; a fault is the better evidence.</summary>
    public static DemoFinding Of(string what, string evidence, params IEnumerable<string?> faults)
    {
        List<string> told = [.. faults.OfType<string>()];
        return told.Count == 0 ? new(what, true, evidence) : new(what, false, $"{string.Join("; ", told)} (seen: {evidence})");
    }

    public override string ToString() => $"{(Held ? "ok    " : "FAILED")}  {What}: {Evidence}";
}

/// <summary>The document of <c>demo --json</c>.</summary>
internal sealed record DemoReport(bool Held, IReadOnlyList<DemoFinding> Checks)
{
    public static DemoReport Of(IReadOnlyList<DemoFinding> findings) => new(findings.All(f => f.Held), findings);

    public string ToJson() => JsonSerializer.Serialize(this, WireJson.Public);
}
