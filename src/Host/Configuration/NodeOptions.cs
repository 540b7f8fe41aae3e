using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Configuration;

/// <summary>What SIGTERM to the daemon does to running agents.</summary>
public enum OnShutdown { Leave, Stop }

public sealed record NodeOptions
{
    [RegularExpression(AgentOptions.NamePattern, ErrorMessage = AgentOptions.NameHint), Description("The node's name; empty: the host name.")]
    public string Name { get; init; } = "";

    [FilePath, Description("Where state is kept; empty: $XDG_STATE_HOME/supervisor, else ~/.local/state/supervisor.")]
    public string StateDir { get; init; } = "";

    [MinLength(1), RegularExpression(AgentOptions.NamePattern, ErrorMessage = AgentOptions.NameHint)]
    [Description("agents: may own workspaces; control: may host singletons; any other name is for an agent's node: role=NAME.")]
    public IReadOnlyList<string> Roles { get; init; } = ["agents", "control"];

    [Description("What SIGTERM to the daemon does to running agents: leave or stop.")]
    public OnShutdown OnShutdown { get; init; } = OnShutdown.Leave;

    [Range(1, 1000), Description("How many agents of a node may be starting at once.")]
    public int MaxStarts { get; init; } = 16;
}
