using System.Collections.Immutable;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Fleet;

/// <summary>A node of the cluster as the fleet sees it.</summary>
public sealed record FleetNode(string Name, ImmutableHashSet<string> Roles);

/// <summary>What the fleet wants of one agent now.</summary>
public sealed record Wish(Hold Hold, string Text, string? Node)
{
    /// <summary>A dependency is gone, which the text names, and the agent is to stop with it.</summary>
    public bool StopNow { get; init; }
}

/// <summary>The desired fleet and the present condition of all of it. Pure; rebuilt from the configuration and from what agents announce.</summary>
public sealed record FleetState
{
    public ImmutableList<AgentSpec> Specs { get; init; } = [];
    public int Phase { get; init; }

    /// <summary>By agent: those whose <c>after</c> names it.</summary>
    public ILookup<string, AgentSpec> Dependents { get; init; } = DependentsOf([]);
    public ImmutableDictionary<AgentId, AgentStatus> Statuses { get; init; } = ImmutableDictionary<AgentId, AgentStatus>.Empty;
    public ImmutableSortedDictionary<string, FleetNode> Nodes { get; init; } = ImmutableSortedDictionary<string, FleetNode>.Empty;

    /// <summary>Where an agent was told to run that has not said yet where it is.</summary>
    public ImmutableDictionary<AgentId, string> Places { get; init; } = ImmutableDictionary<AgentId, string>.Empty;

    /// <summary>Nodes that are to be left, with the reason.</summary>
    public ImmutableDictionary<string, string> Draining { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Agents whose dependencies have been seen running once; <c>ignore</c> never holds them again.</summary>
    public ImmutableHashSet<AgentId> Released { get; init; } = [];

    public FleetState Announce(AgentStatus status) => this with { Statuses = Statuses.SetItem(status.Id, status) };

    public static ILookup<string, AgentSpec> DependentsOf(IEnumerable<AgentSpec> specs) =>
        specs.SelectMany(s => s.Options.After.Select(a => (After: a, Spec: s))).ToLookup(x => x.After, x => x.Spec);

    /// <summary>Marks agents whose dependencies run now, or that need none.</summary>
    public FleetState Release(IEnumerable<AgentSpec> specs) => this with
    {
        Released = Released.Union(specs.Where(s => Missing(s).Count == 0).Select(s => new AgentId(s.Options.Id))),
    };

    public FleetState Leave(string? node) => node is null ? this : this with { Nodes = Nodes.Remove(node), Draining = Draining.Remove(node) };

    /// <summary>What was wished is known to the placement of the next.</summary>
    public FleetState Told(AgentId agent, Wish wish) => wish.Node is { } node ? this with { Places = Places.SetItem(agent, node) } : this;

    private string? NodeOf(AgentId agent) => Statuses.GetValueOrDefault(agent)?.Node ?? Places.GetValueOrDefault(agent);

    public Wish Want(AgentSpec spec)
    {
        var options = spec.Options;
        var id = new AgentId(options.Id);
        if (!options.Enabled) return new Wish(Hold.Disabled, "disabled in the configuration", null);
        if (Phase != 0 && options.Phases.Count > 0 && !options.Phases.Contains(Phase))
            return new Wish(Hold.Phase, $"runs in phase {string.Join(", ", options.Phases)}; the fleet is in phase {Phase}", null);

        if (Statuses.TryGetValue(id, out var status) && status is { Pid: not null, Node: { } at } && Draining.TryGetValue(at, out var why))
            return new Wish(Hold.Drain, $"node {at}: {why}", null);

        var node = Place(spec);
        if (node is null) return new Wish(Hold.Place, $"no node fits `node: {options.Node}`", null);

        var missing = Missing(spec);
        if (missing.Count == 0) return new Wish(Hold.None, "", node);
        var text = $"waits for {string.Join(", ", missing)}";
        if (!Released.Contains(id)) return new Wish(Hold.After, text, node);
        return options.OnDependencyLost switch
        {
            OnDependencyLost.Restart => new Wish(Hold.Dependency, text, node),
            OnDependencyLost.Stop => new Wish(Hold.None, $"dependency {string.Join(", ", missing)}", node) { StopNow = Runs(id) },
            _ => new Wish(Hold.None, "", node),
        };
    }

    /// <summary>An agent stays where its workspace is; a new one goes where the fewest are.</summary>
    private string? Place(AgentSpec spec)
    {
        var rule = spec.Options.Node;
        var fit = Nodes.Values.Where(n => n.Roles.Contains("agents") && !Draining.ContainsKey(n.Name) && Fits(rule, n)).ToList();
        var current = NodeOf(new AgentId(spec.Options.Id));
        if (fit.Any(n => n.Name == current)) return current;
        return fit
            .OrderBy(n => Specs.Count(s => s != spec && NodeOf(new AgentId(s.Options.Id)) == n.Name))
            .FirstOrDefault()?.Name;
    }

    private static bool Fits(string rule, FleetNode node) =>
        rule == "any" || (rule.StartsWith("role=", StringComparison.Ordinal) ? node.Roles.Contains(rule["role=".Length..]) : rule == node.Name);

    private List<string> Missing(AgentSpec spec) => [.. spec.Options.After.Where(a => !IsUp(new AgentId(a)))];

    /// <summary>Up, for those that wait for it. One that has completed its work holds nobody back.</summary>
    private bool IsUp(AgentId agent) =>
        Statuses.TryGetValue(agent, out var s) && s.State is AgentPhase.Running or AgentPhase.Stalled or AgentPhase.Lingering or AgentPhase.Completed;

    private bool Runs(AgentId agent) =>
        Statuses.TryGetValue(agent, out var s) && s.State is AgentPhase.Starting or AgentPhase.Running or AgentPhase.Stalled or AgentPhase.Backoff or AgentPhase.Waiting;
}
