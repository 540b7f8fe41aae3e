using Supervisor.Messages.Agents;

namespace Supervisor.Messages.Fleet;

/// <summary>What the fleet's singleton understands: the desired fleet, and the present condition of all of it.</summary>
public static class FleetProtocol
{
    public interface ICommand : IWireMessage;
    public interface IQuery : IWireMessage;
    public interface IReply : IWireMessage;

    /// <summary>The whole fleet as one node's configuration describes it. Answered by <see cref="FleetApplied"/>.</summary>
    public sealed record ApplyFleet(IReadOnlyList<AgentSpec> Agents, int Phase, string FromNode) : ICommand;
    public sealed record FleetApplied(IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed, int Unchanged) : IReply;

    /// <summary>End every run on the node; agents that may live elsewhere go there. Answered by <see cref="DrainBegun"/>.</summary>
    public sealed record DrainNode(string Node, string Reason) : ICommand;
    public sealed record DrainBegun(string Node) : IReply;

    /// <summary>A fresh record asks what the fleet wants of it.</summary>
    public sealed record AskConfiguration(AgentId AgentId) : ICommand;

    /// <summary>A node names the agents it holds directories of, so that runs of removed agents are found.</summary>
    public sealed record ReportDirectories(string Node, IReadOnlyList<AgentId> Agents) : ICommand;

    /// <summary>Every agent's last announced condition, in the configuration's order.</summary>
    public sealed record GetAgents : IQuery;
    public sealed record Agents(IReadOnlyList<AgentStatus> Items) : IReply;
}
