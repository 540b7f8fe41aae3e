using System.Text;

namespace Supervisor.Host.Tests.Harness;

/// <summary>One agent of a test's configuration: the fake agent with a script, and the options that the case is about.</summary>
internal sealed record FakeAgentYaml(string Id, string Script)
{
    public string Kind { get; init; } = "command";
    public string Workspace { get; init; } = "none";
    public string Restart { get; init; } = "{ policy: on-failure }";
    public string Stop { get; init; } = "{ grace: 2s, kill: 5s }";

    /// <summary>Further lines, <c>key: value</c> each.</summary>
    public string More { get; init; } = "";

    /// <summary>Replaces the whole command of kind command.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    public string ToYaml(string prompt)
    {
        var yaml = new StringBuilder();
        yaml.Append("  - id: ").AppendLine(Json.Quote(Id));
        yaml.Append("    kind: ").AppendLine(Kind);
        if (Kind == "command")
        {
            yaml.Append("    command: ").AppendLine(Json.Quote(Command ?? [Programs.FakeAgent, "--script", Script]));
        }
        else
        {
            yaml.Append("    command: ").AppendLine(Json.Quote([Programs.FakeAgent]));
            yaml.Append("    args: ").AppendLine(Json.Quote(["--script", Script]));
            yaml.Append("    prompt: ").AppendLine(Json.Quote(prompt));
        }

        yaml.Append("    workspace: ").AppendLine(Json.Quote(Workspace));
        yaml.Append("    restart: ").AppendLine(Restart);
        yaml.Append("    stop: ").AppendLine(Stop);
        foreach (var line in More.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            yaml.Append("    ").AppendLine(line);
        }

        return yaml.ToString();
    }
}
