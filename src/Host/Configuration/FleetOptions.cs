using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Supervisor.Actors.Alerts;
using Supervisor.Actors.Costs;
using Supervisor.Actors.Repairs;
using Supervisor.Actors.Repositories;
using Supervisor.Actors.Watchdog;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Configuration;

/// <summary>The root of a configuration file: every key that it may hold.</summary>
public sealed record FleetOptions
{
    [Description("This machine.")]
    public NodeOptions Node { get; init; } = new();

    [Description("Management, API, dashboard.")]
    public HttpOptions Http { get; init; } = new();

    [Description("How the daemons find each other.")]
    public ClusterOptions Cluster { get; init; } = new();

    [Description("Where decisions are written down.")]
    public PersistenceOptions Persistence { get; init; } = new();

    [Description("The repositories that agents work in.")]
    public IReadOnlyList<RepositoryOptions> Repositories { get; init; } = [];

    [Description("The agents.")]
    public IReadOnlyList<AgentOptions> Agents { get; init; } = [];

    [Range(0, 1000), Description("The fleet's current phase; 0: all agents.")]
    public int Phase { get; init; }

    [Description("Globs of files holding agents, repositories or budgets.")]
    public IReadOnlyList<string> Include { get; init; } = [];

    [Description("Who looks for stalled agents.")]
    public WatchdogOptions Watchdog { get; init; } = new();

    [Description("What may be spent.")]
    public IReadOnlyList<BudgetOptions> Budgets { get; init; } = [];

    [Description("The reverse proxy through which agents reach models.")]
    public GatewayOptions Gateway { get; init; } = new();

    [Description("The provider whose bill is watched.")]
    public CloudOptions Cloud { get; init; } = new();

    [Description("What a person should know, and where it goes.")]
    public AlertOptions Alerts { get; init; } = new();

    [Description("How red builds become green.")]
    public RepairOptions Repairs { get; init; } = new();
}

/// <summary>What a file named by <c>include</c> may hold.</summary>
public sealed record FragmentOptions
{
    [Description("The agents.")]
    public IReadOnlyList<AgentOptions> Agents { get; init; } = [];

    [Description("The repositories that agents work in.")]
    public IReadOnlyList<RepositoryOptions> Repositories { get; init; } = [];

    [Description("What may be spent.")]
    public IReadOnlyList<BudgetOptions> Budgets { get; init; } = [];
}
