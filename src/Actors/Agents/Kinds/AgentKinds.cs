using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Agents.Kinds;

public static class AgentKinds
{
    static readonly ClaudeCodeKind ClaudeCode = new();
    static readonly CodexKind Codex = new();
    static readonly OpenCodeKind OpenCode = new();
    static readonly GeminiKind Gemini = new();
    static readonly CommandKind Command = new();

    /// <summary>What a resumed session is told: it knows its task already, and sending that again would pay for it again.</summary>
    public const string Continue = "You were interrupted and have been resumed. Look at the state of your work and continue where you left off.";

    public static IAgentKind For(AgentKind kind) => kind switch
    {
        AgentKind.ClaudeCode => ClaudeCode,
        AgentKind.Codex => Codex,
        AgentKind.OpenCode => OpenCode,
        AgentKind.Gemini => Gemini,
        AgentKind.Command => Command,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind of agent"),
    };

    /// <summary>The operator's replacement of the program, which may be several words, or the kind's own.</summary>
    internal static List<string> Program(LaunchContext context, string own) =>
        context.Options.Command.Count > 0 ? [.. context.Options.Command] : [own];

    /// <summary>The first prompt, or the short word to a resumed session.</summary>
    internal static string Opening(LaunchContext context) => context.Session is null ? context.Prompt : Continue;

    /// <summary>A directory below the agent's home, or where <paramref name="variable"/> of its environment puts it; null: no home.</summary>
    internal static string? Home(IReadOnlyDictionary<string, string> environment, string variable, string below)
    {
        if (environment.TryGetValue(variable, out var own) && own.Length > 0)
        {
            return own.TrimEnd('/');
        }

        return environment.TryGetValue("HOME", out var home) && home.Length > 0 ? $"{home.TrimEnd('/')}/{below}" : null;
    }
}
