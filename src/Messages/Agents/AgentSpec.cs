namespace Supervisor.Messages.Agents;

/// <summary>One agent as the configuration describes it: what its record is told, on whichever node that lives.</summary>
/// <param name="Prompt">The prompt's text, its placeholders already replaced; empty for kind command.</param>
/// <param name="StartHash">Over what only a new process can take up. Equal: the present run already is what is asked for.</param>
/// <param name="Hash">Over everything. Equal: a reload has nothing to tell this agent.</param>
public sealed record AgentSpec(AgentOptions Options, string Prompt, string StartHash, string Hash)
{
    /// <summary>Whether the agent should run in this phase of the fleet.</summary>
    public bool WantedIn(int phase) =>
        Options.Enabled && (phase == 0 || Options.Phases.Count == 0 || Options.Phases.Contains(phase));

    // The environment may hold secrets, and records print their members.
    public override string ToString() => $"AgentSpec({Options.Id}, {Hash})";
}
