using System.Text.Json.Nodes;
using Supervisor.Actors.Costs;
using Supervisor.Actors.Repositories;
using Supervisor.Host.Configuration;
using Supervisor.Host.Configuration.Yaml;
using Supervisor.Messages.Agents;
using static Supervisor.Host.Tests.Configuration.Loading;

namespace Supervisor.Host.Tests.Configuration;

public sealed class ContractFilesTests
{
    // Keys that are ours: the contract may be extended.
    private static readonly string[] Extensions = ["node.maxStarts", "agents.onDependencyLost"];

    // Keys that fleet.yaml names in a comment, because they are empty by default.
    private static readonly string[] Commented = ["alerts.sinks.", "repairs.gates.", "cloud.endpoints."];

    [Theory]
    [InlineData("minimal.yaml", 1)]
    [InlineData("fleet.yaml", 1)]
    [InlineData("claudefs.yaml", 11)]
    [InlineData("supervisor.yaml", 3)]
    public void A_file_that_stands_in_config_passes_its_check(string name, int agents) =>
        Assert.Equal(agents, Good(Path.Combine(ConfigFolder, name)).Agents.Count);

    [Fact]
    public void What_fleet_yaml_says_are_the_defaults()
    {
        var loaded = Good(Path.Combine(ConfigFolder, "fleet.yaml")).Options with { Agents = [], Repositories = [], Budgets = [] };
        Assert.Empty(JsonChanges.Between(OptionsJson.Of(new FleetOptions()), OptionsJson.Of(loaded)));
    }

    [Fact]
    public void What_fleet_yaml_says_of_an_agent_a_repository_and_a_budget_are_the_defaults()
    {
        var loaded = Good(Path.Combine(ConfigFolder, "fleet.yaml")).Options;
        var agent = new AgentOptions { Id = "A1", Kind = AgentKind.ClaudeCode, Repository = "app", Prompt = "prompts/a1.md" };
        Assert.Empty(JsonChanges.Between(OptionsJson.Of(agent), OptionsJson.Of(loaded.Agents.Single())));
        Assert.Empty(JsonChanges.Between(OptionsJson.Of(new RepositoryOptions { Id = "app", Path = "/srv/app" }), OptionsJson.Of(loaded.Repositories.Single())));
        Assert.Empty(JsonChanges.Between(OptionsJson.Of(new BudgetOptions { Id = "fleet" }), OptionsJson.Of(loaded.Budgets.Single())));
    }

    [Fact]
    public void Every_option_stands_in_fleet_yaml_or_is_a_known_extension()
    {
        var file = Path.Combine(ConfigFolder, "fleet.yaml");
        var written = new SortedSet<string>(StringComparer.Ordinal);
        Written(YamlComposer.Compose(file, YamlSource.Read(file), new ErrorList()), "", written);
        var options = new SortedSet<string>(StringComparer.Ordinal);
        Options(typeof(FleetOptions), "", options);
        Assert.Equal(written, options.Where(o => !Extensions.Contains(o) && !Commented.Any(c => o.StartsWith(c, StringComparison.Ordinal))));
    }

    [Fact]
    public void The_reference_fleet_is_read_as_its_merges_mean_it()
    {
        var fleet = Good(Path.Combine(ConfigFolder, "claudefs.yaml"));
        var a9 = fleet.Agents.Single(a => a.Options.Id == "A9").Options;
        Assert.Equal(("Test & Validation", "prompts/validation.md", "claudefs"), (a9.Name, a9.Prompt, a9.Repository));
        Assert.Equal([2, 3], a9.Phases);
        Assert.Equal(["A1", "A2", "A3", "A4", "A11"], fleet.Agents.Where(a => a.WantedIn(fleet.Options.Phase)).Select(a => a.Options.Id));
        Assert.Contains("You are agent A2, Metadata Service,", fleet.Agents[1].Prompt, StringComparison.Ordinal);
        Assert.Contains("Phase: 1.", fleet.Agents[1].Prompt, StringComparison.Ordinal);
    }

    [Fact]
    public void The_smallest_fleet_has_no_worktree() =>
        Assert.Equal("none", Good(Path.Combine(ConfigFolder, "minimal.yaml")).Agents.Single().Options.Workspace);

    private static void Written(YamlNode node, string path, SortedSet<string> keys)
    {
        foreach (var item in node is YamlList list ? list.Items : [])
        {
            Written(item, path, keys);
        }
        foreach (var entry in node is YamlMap map ? map.Entries : [])
        {
            var child = path.Length == 0 ? entry.Key.Value : $"{path}.{entry.Key.Value}";
            keys.Add(child);
            Written(entry.Value, child, keys);
        }
    }

    private static void Options(Type type, string path, SortedSet<string> keys)
    {
        foreach (var property in OptionsShape.Properties(type))
        {
            var child = path.Length == 0 ? Spelling.Key(property) : $"{path}.{Spelling.Key(property)}";
            keys.Add(child);
            var inner = OptionsShape.Of(property.PropertyType) == Shape.List ? OptionsShape.Item(property.PropertyType) : property.PropertyType;
            if (OptionsShape.Of(inner) == Shape.Record)
            {
                Options(inner, child, keys);
            }
        }
    }
}
