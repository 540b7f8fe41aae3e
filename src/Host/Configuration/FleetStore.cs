namespace Supervisor.Host.Configuration;

/// <summary>What a reload found: a difference that is now in force, or errors and the old configuration kept.</summary>
public sealed record ReloadResult(LoadedFleet Fleet, FleetDiff? Diff, IReadOnlyList<ConfigError> Errors)
{
    public bool Applied => Diff is not null;
}

/// <summary>The last good configuration. A reload is taken whole or not at all.</summary>
public sealed class FleetStore(LoadedFleet first)
{
    private readonly Lock _lock = new();
    private LoadedFleet _current = first;

    public LoadedFleet Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>Reads the files again. Two reloads at once are taken one after the other.</summary>
    public ReloadResult Reload()
    {
        lock (_lock)
        {
            var result = FleetLoader.Load(_current.SourceFile);
            if (result.Fleet is not { } fleet)
            {
                return new(_current, null, result.Errors);
            }
            var diff = FleetDiff.Between(_current, fleet);
            _current = fleet;
            return new(fleet, diff, []);
        }
    }
}
