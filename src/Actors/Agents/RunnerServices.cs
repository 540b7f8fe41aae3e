using Akka.Actor;
using Supervisor.Actors.Outside;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Agents;

/// <summary>What the runners of a node work with.</summary>
/// <param name="Environment">The daemon's own environment, from which <c>passEnv</c> picks.</param>
/// <param name="Agents">Where the agents' records are reached.</param>
public sealed record RunnerServices(
    string Node,
    IShims Shims,
    IRunFiles Files,
    IProcessTable Processes,
    IReadOnlyDictionary<string, string> Environment,
    IActorRef Repositories,
    IActorRef Agents)
{
    /// <summary>Exactly what the configuration names, and nothing else.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentOf(AgentOptions? options)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        if (options is null) return result;
        foreach (var name in options.PassEnv)
            if (Environment.TryGetValue(name, out var value)) result[name] = value;
        foreach (var (name, value) in options.Env) result[name] = value;
        return result;
    }
}
