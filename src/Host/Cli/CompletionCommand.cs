using System.CommandLine;

namespace Supervisor.Host.Cli;

/// <summary><c>completion bash|zsh|fish</c>: a script made from the commands themselves; agents' names come from the daemon.</summary>
public static class CompletionCommand
{
    private const string Agents = """supervisor agents --json 2>/dev/null | grep -o '"id":"[^"]*"' | cut -d'"' -f4""";

    public static Command Create(RootCommand root, CliConsole console)
    {
        var command = new Command("completion", "A script that completes commands, options and agents' names.");
        foreach (var (shell, write) in new (string, Func<RootCommand, string>)[] { ("bash", Bash), ("zsh", Zsh), ("fish", Fish) })
        {
            var sub = new Command(shell, $"For {shell}.");
            sub.SetAction(_ => console.Out.Write(write(root)));
            command.Add(sub);
        }

        return command;
    }

    public static string Bash(RootCommand root) => $$"""
        # supervisor completion for bash: source <(supervisor completion bash)
        _supervisor() {
            local cur=${COMP_WORDS[COMP_CWORD]} words=""
            if [ "$COMP_CWORD" -eq 1 ]; then
                words="{{Words(root)}}"
            else
                case "${COMP_WORDS[1]}" in
        {{string.Join('\n', root.Subcommands.Select(c => $"            {c.Name}) words=\"{Words(c)}{(TakesAgents(c) ? $" $({Agents})" : "")}\" ;;"))}}
                esac
            fi
            COMPREPLY=($(compgen -W "$words" -- "$cur"))
        }
        complete -F _supervisor supervisor

        """;

    public static string Zsh(RootCommand root) => $$"""
        #compdef supervisor
        # supervisor completion for zsh: source <(supervisor completion zsh)
        _supervisor() {
            local -a candidates
            if (( CURRENT == 2 )); then
                candidates=({{Words(root)}})
            else
                case "${words[2]}" in
        {{string.Join('\n', root.Subcommands.Select(c => $"            {c.Name}) candidates=({Words(c)}{(TakesAgents(c) ? $" $({Agents})" : "")}) ;;"))}}
                esac
            fi
            compadd -- $candidates
        }
        compdef _supervisor supervisor

        """;

    public static string Fish(RootCommand root) => string.Join('\n', FishLines(root)) + "\n";

    private static IEnumerable<string> FishLines(RootCommand root)
    {
        yield return "# supervisor completion for fish: supervisor completion fish | source";
        yield return "complete -c supervisor -f";
        foreach (var command in root.Subcommands)
        {
            yield return $"complete -c supervisor -n __fish_use_subcommand -a {command.Name} -d '{Quote(command.Description)}'";
            foreach (var sub in command.Subcommands)
            {
                yield return $"complete -c supervisor -n '__fish_seen_subcommand_from {command.Name}' -a {sub.Name} -d '{Quote(sub.Description)}'";
            }

            foreach (var option in command.Options)
            {
                yield return $"complete -c supervisor -n '__fish_seen_subcommand_from {command.Name}' -l {option.Name.TrimStart('-')} -d '{Quote(option.Description)}'";
            }

            if (TakesAgents(command))
            {
                yield return $"complete -c supervisor -n '__fish_seen_subcommand_from {command.Name}' -a '({Agents.Replace("'", "\\'", StringComparison.Ordinal)})'";
            }
        }

        foreach (var option in root.Options)
        {
            yield return $"complete -c supervisor -l {option.Name.TrimStart('-')} -d '{Quote(option.Description)}'";
        }
    }

    private static string Words(Command command) => string.Join(' ', command.Subcommands.Select(c => c.Name)
        .Concat(command.Options.Select(o => o.Name)).Append("--json").Append("--help").Distinct());

    private static bool TakesAgents(Command command) => command.Arguments.Any(a => a.Name == "AGENT");

    private static string Quote(string? text) => (text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
}
