using Supervisor.Actors.Costs;
using Supervisor.Host.Configuration.Yaml;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Configuration;

/// <summary>What no single value can tell: names that must be different, names that must exist, and settings that need each other.</summary>
internal sealed class FleetRules(ErrorList errors, Places places)
{
    public void Check(FleetOptions fleet)
    {
        new NodeRules(errors, places).Check(fleet);
        Distinct("agent", fleet.Agents, a => a.Id);
        Distinct("repository", fleet.Repositories, r => r.Id);
        Distinct("budget", fleet.Budgets, b => b.Id);
        Distinct("sink", fleet.Alerts.Sinks, s => s.Id);

        var agents = fleet.Agents.Select(a => a.Id).ToHashSet();
        var repositories = fleet.Repositories.Select(r => r.Id).ToHashSet();
        var rules = new AgentRules(errors, places);
        foreach (var agent in fleet.Agents)
        {
            rules.Check(agent);
            Known(agent, "repository", agent.Repository, "repository", repositories);
            KnownItems(agent, "after", agent.After, agents);
        }
        Cycles(fleet.Agents);
        foreach (var repository in fleet.Repositories.Where(r => r.Path.Length == 0 && r.Url.Length == 0 && !places.IsBad(r, "path") && !places.IsBad(r, "url")))
        {
            errors.Add(places.Of(repository, "path"), $"repository '{repository.Id}' needs 'path', a clone on this machine, or 'url'");
        }
        foreach (var budget in fleet.Budgets)
        {
            KnownItems(budget, "agents", budget.Agents, agents);
            if (budget.Agents.Count > 0 && (budget.Scope is BudgetScope.Fleet or BudgetScope.Cloud))
            {
                errors.Add(places.Of(budget, "agents"), $"'agents' means nothing with scope {Spelling.Of(typeof(BudgetScope), budget.Scope)}; remove it, or write scope: agents");
            }
        }
        foreach (var gate in fleet.Repairs.Gates)
        {
            Known(gate, "repository", gate.Repository, "repository", repositories);
        }
        new SinkAndGateRules(errors, places).Check(fleet);
    }

    private void Distinct<T>(string what, IReadOnlyList<T> items, Func<T, string> id) where T : class
    {
        var first = new Dictionary<string, T>();
        foreach (var item in items.Where(i => id(i).Length > 0))
        {
            if (!first.TryAdd(id(item), item))
            {
                errors.Add(places.Own(item, "id"), $"duplicate {what} id '{id(item)}'; it is used first at {places.Own(first[id(item)], "id")}");
            }
        }
    }

    private void Known(object record, string key, string name, string what, HashSet<string> known)
    {
        if (name.Length > 0 && !known.Contains(name))
        {
            errors.Add(places.Of(record, key), Unknown(what, name, known));
        }
    }

    private void KnownItems(object record, string key, IReadOnlyList<string> names, HashSet<string> known)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (!known.Contains(names[i]))
            {
                errors.Add(places.Of(record, key, i), Unknown("agent", names[i], known));
            }
        }
    }

    private static string Unknown(string what, string name, HashSet<string> known)
    {
        var remedy = Nearest.Hint(name, known);
        return $"unknown {what} {YamlText.Quote(name)}" + (remedy.Length > 0 ? remedy : $"; add it under '{(what == "agent" ? "agents" : "repositories")}'");
    }

    private void Cycles(IReadOnlyList<AgentOptions> agents)
    {
        foreach (var cycle in AfterCycles.Find([.. agents.Select(a => (a.Id, a.After))]))
        {
            var first = agents.First(a => a.Id == cycle[0]);
            errors.Add(places.Of(first, "after"), $"cycle in 'after': {string.Join(" -> ", cycle)} -> {cycle[0]}; each would wait for the next for ever");
        }
    }
}
