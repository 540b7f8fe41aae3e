namespace Supervisor.Actors.Agents;

/// <summary>Registry key of the shard region of agents' records.</summary>
public sealed class AgentRegionKey;
