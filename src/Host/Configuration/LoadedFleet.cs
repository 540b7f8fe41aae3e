using Supervisor.Messages.Agents;

namespace Supervisor.Host.Configuration;

/// <summary>A configuration that passed every check.</summary>
/// <param name="Agents">One for each of <c>Options.Agents</c>, in their order.</param>
/// <param name="SourceFile">The file that was named; <paramref name="Files"/> adds those that it includes.</param>
/// <param name="Hash">Equal for equal settings, however they are written.</param>
public sealed record LoadedFleet(FleetOptions Options, IReadOnlyList<AgentSpec> Agents, string SourceFile, IReadOnlyList<string> Files, string Hash);

/// <summary>Either a fleet, or everything that is wrong; never both.</summary>
public sealed record LoadResult(LoadedFleet? Fleet, IReadOnlyList<ConfigError> Errors);
