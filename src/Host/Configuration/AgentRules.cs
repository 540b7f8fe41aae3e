using Supervisor.Messages.Agents;

namespace Supervisor.Host.Configuration;

/// <summary>What the kind and the workspace of one agent ask of its other settings.</summary>
internal sealed class AgentRules(ErrorList errors, Places places)
{
    public void Check(AgentOptions agent)
    {
        Program(agent);
        Workspace(agent);
        if (agent.Restart.Initial > agent.Restart.Max)
        {
            var (at, key) = places.Has(agent.Restart, "initial") ? (agent.Restart, "initial") : (agent.Restart, "max");
            errors.Add(places.Of(at, key), $"'initial' ({Spelling.Of(agent.Restart.Initial)}) is longer than 'max' ({Spelling.Of(agent.Restart.Max)})");
        }
    }

    private void Program(AgentOptions agent)
    {
        if (agent.Kind == AgentKind.Command && agent.Command.Count == 0 && !places.IsBad(agent, "command"))
        {
            errors.Add(places.Of(agent, "command"), $"agent '{agent.Id}' of kind command needs 'command', e.g. [sh, -c, 'echo hello']");
        }
        else if (agent.Command is ["", ..])
        {
            errors.Add(places.Of(agent, "command", 0), "the first item of 'command' is the program, and must not be empty");
        }
        if (agent.Kind is { } kind and not AgentKind.Command && agent.Prompt.Length == 0 && !places.IsBad(agent, "prompt"))
        {
            errors.Add(places.Of(agent, "prompt"), $"agent '{agent.Id}' of kind {Spelling.Of(typeof(AgentKind), kind)} needs 'prompt', a file relative to this one");
        }
    }

    private void Workspace(AgentOptions agent)
    {
        if (agent.Workspace != "worktree")
        {
            return;
        }
        if (agent.Repository.Length == 0 && !places.IsBad(agent, "repository"))
        {
            if (places.Has(agent, "workspace"))
            {
                errors.Add(places.Of(agent, "workspace"), $"agent '{agent.Id}' has no 'repository' to make a worktree of; name one, or write workspace: none");
            }
        }
        else if (agent.Id.Contains("..", StringComparison.Ordinal) || agent.Id.EndsWith('.') || agent.Id.EndsWith(".lock", StringComparison.Ordinal))
        {
            errors.Add(places.Own(agent, "id"), $"'{agent.Id}' cannot be the name of a git branch (agents/{agent.Id}); use no '..' and do not end in '.' or '.lock'");
        }
    }
}
