using Supervisor.Actors.Common;

namespace Supervisor.Host.Endpoints;

/// <summary>Opened once the configuration is applied and the daemon watches its fleet.</summary>
public sealed class StartupGate
{
    private volatile bool _started;

    public bool Started => _started;

    public void Open() => _started = true;
}

public static class Health
{
    /// <summary>Why this node is not ready; null: it is.</summary>
    public static string? NotReady(bool started, ClusterView cluster, IReadOnlyList<LateLoop> late) => (started, cluster.SelfStatus, late) switch
    {
        (false, _, _) => "the daemon is still starting",
        (_, not ("Up" or "WeaklyUp"), _) => $"this node is {cluster.SelfStatus} in its cluster",
        (_, _, [var loop, ..]) => $"the loop {loop.Name} is late by {loop.By.TotalSeconds:0.0} s",
        _ => null,
    };
}

public static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/alive", () => Answer(null));
        routes.MapGet("/startup", (StartupGate gate) => Answer(gate.Started ? null : "the daemon is still starting"));
        routes.MapGet("/ready", (StartupGate gate, IClusterView cluster, LoopMonitor loops) =>
            Answer(Health.NotReady(gate.Started, cluster.Current, loops.Late(DateTimeOffset.UtcNow))));
    }

    // 500 and not ASP.NET's 503: the contract of Akka Management.
    private static IResult Answer(string? reason) => reason is null
        ? Results.Text("OK")
        : Results.Text($"Not Healthy: {reason}", statusCode: StatusCodes.Status500InternalServerError);
}
