namespace Supervisor.Actors.Fleet;

/// <summary>Registry key of the proxy to the fleet's singleton.</summary>
public sealed class FleetActorKey;
