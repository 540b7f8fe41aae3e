using Supervisor.Actors.Agents;
using Supervisor.Actors.Common;
using Supervisor.Actors.Events;
using Supervisor.Actors.Outside;
using Supervisor.Actors.Repositories;
using Supervisor.Host.Configuration;
using Supervisor.Messages.Fleet;

namespace Supervisor.Host.Daemons;

/// <summary>Everything a node's actor system is made of, settled before it starts.</summary>
public sealed record NodePlan
{
    public required string Name { get; init; }
    public required string StateDirectory { get; init; }
    public required FleetOptions Options { get; init; }
    public required LoopMonitor Loops { get; init; }
    public required IEventFiles EventFiles { get; init; }
    public required Action<EventEntry> Recorded { get; init; }
    public required RepositoriesPlan Repositories { get; init; }
    public required RunnersPlan Runners { get; init; }

    /// <summary>What the configuration wants of the fleet now.</summary>
    public required Func<FleetProtocol.ApplyFleet> Wanted { get; init; }

    public bool IsControl => Options.Node.Roles.Contains("control");
    public bool OwnsWorkspaces => Options.Node.Roles.Contains("agents");
    public string ProviderName => Options.Persistence.Provider == PersistenceProvider.Postgres ? "PostgreSQL.15" : "SQLite.MS";
    public string JournalConnection => Connection("journal.db");

    // Apart from the journal: SQLite locks a whole file, and a snapshot would hold up decisions.
    public string SnapshotConnection => Connection("snapshots.db");

    private string Connection(string file) => Options.Persistence.Connection is { Length: > 0 } given
        ? given
        : $"Data Source={Path.Combine(StateDirectory, file)}";
}
