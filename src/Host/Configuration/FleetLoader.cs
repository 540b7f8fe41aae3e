using System.Text.Json.Nodes;
using Supervisor.Host.Configuration.Yaml;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Configuration;

/// <summary>A configuration file, and those that it includes, to a fleet or to the list of all that is wrong.</summary>
public sealed class FleetLoader
{
    private const int MaxIncludes = 1000;
    private readonly ErrorList _errors = new();
    private readonly Places _places = new();
    private readonly List<string> _files = [];
    private readonly Dictionary<object, string> _fileOf = new(ReferenceEqualityComparer.Instance);

    private FleetLoader() { }

    public static LoadResult Load(string file) => new FleetLoader().Read(file);

    private LoadResult Read(string file)
    {
        if (File<FleetOptions>(file) is not { } options)
        {
            return new(null, _errors.InOrder(_files));
        }
        foreach (var include in IncludedFiles(options, file))
        {
            if (File<FragmentOptions>(include) is { } part)
            {
                options = options with
                {
                    Agents = [.. options.Agents, .. part.Agents],
                    Repositories = [.. options.Repositories, .. part.Repositories],
                    Budgets = [.. options.Budgets, .. part.Budgets],
                };
            }
        }
        new FleetRules(_errors, _places).Check(options);
        var specs = options.Agents.Select(a => Spec(a, options.Phase)).ToList();
        if (_errors.Count > 0)
        {
            return new(null, _errors.InOrder(_files));
        }
        options = options with { Agents = [.. specs.Select(s => s.Options)] };
        return new(new(options, specs, file, _files, Hash(options, specs)), []);
    }

    private T? File<T>(string file) where T : class
    {
        _files.Add(file);
        try
        {
            var node = YamlComposer.Compose(file, YamlSource.Read(file), _errors);
            var options = new OptionsBinder(file, _errors, _places).Root<T>(node);
            foreach (var agent in options switch { FleetOptions f => f.Agents, FragmentOptions f => f.Agents, _ => [] })
            {
                _fileOf[agent] = file;
            }
            return options;
        }
        catch (YamlFault e)
        {
            _errors.Add(e.At, e.Message);
            return null;
        }
    }

    private List<string> IncludedFiles(FleetOptions options, string file)
    {
        var folder = Path.GetDirectoryName(file) ?? "";
        var main = Path.GetFullPath(file);
        var result = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < options.Include.Count; i++)
        {
            var pattern = options.Include[i];
            var found = Includes.Find(folder, pattern);
            if (found.Count == 0 && !Includes.IsGlob(pattern))
            {
                _errors.Add(_places.Of(options, "include", i), $"the included file {YamlText.Quote(pattern)} does not exist; only a glob may match nothing");
            }
            result.UnionWith(found.Where(f => Path.GetFullPath(f) != main));
        }
        if (result.Count > MaxIncludes)
        {
            _errors.Add(_places.Of(options, "include"), $"'include' names {result.Count} files; at most {MaxIncludes} are read");
            return [];
        }
        return [.. result];
    }

    private AgentSpec Spec(AgentOptions agent, int phase)
    {
        // Without a repository there is nothing to make a worktree of.
        var options = agent.Repository.Length == 0 && !_places.Has(agent, "workspace") ? agent with { Workspace = "none" } : agent;
        if (agent.Kind is null or AgentKind.Command || agent.Prompt.Length == 0)
        {
            return AgentSpecs.Create(options, "");
        }
        var folder = Path.GetDirectoryName(Path.GetFullPath(_fileOf[agent]))!;
        var (text, wrong) = Prompts.Read(Path.GetFullPath(agent.Prompt, folder), agent.Prompt);
        if (wrong is not null)
        {
            _errors.Add(_places.Of(agent, "prompt"), wrong);
        }
        return AgentSpecs.Create(options, Prompts.Fill(text ?? "", agent, phase));
    }

    private static string Hash(FleetOptions options, IEnumerable<AgentSpec> specs)
    {
        var whole = OptionsJson.Record(options);
        // Each agent's hash holds its prompt; the order of agents is the order of a page, not a setting.
        whole["agents"] = new JsonArray([.. specs.Select(s => s.Hash).Order(StringComparer.Ordinal).Select(h => JsonValue.Create(h))]);
        whole.Remove("include");
        return OptionsJson.Hash(whole);
    }
}
