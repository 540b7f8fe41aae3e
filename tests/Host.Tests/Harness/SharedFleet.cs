namespace Supervisor.Host.Tests.Harness;

/// <summary>One daemon for all cases of a class: each adds its agents under names of its own.</summary>
public class SharedFleet : IAsyncLifetime
{
    private TestFleet? _fleet;

    internal TestFleet Fleet => _fleet ?? throw new InvalidOperationException("the fleet has not started");

    internal virtual FleetSettings Settings => new();

    public virtual async Task InitializeAsync() => _fleet = await TestFleet.StartAsync(Settings);

    public virtual async Task DisposeAsync()
    {
        if (_fleet is not null)
        {
            await _fleet.DisposeAsync();
        }
    }
}
