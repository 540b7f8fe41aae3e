using System.CommandLine;
using System.CommandLine.Parsing;

namespace Supervisor.Host.Cli;

/// <summary>The command line of cli.md.</summary>
public static class CommandLine
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    public static RootCommand Build(CliHandlers handlers, CliConsole console)
    {
        var options = new ClientOptions();
        var root = new RootCommand($"Keeps fleets of coding agents alive.\n\n{ExitCodes.Table}") { options.Url, options.TokenFilePath, options.Json };
        foreach (var command in DaemonCommands.All(handlers, options, console)
            .Concat(StatusCommands.All(options, console))
            .Concat(AgentCommands.All(options, console))
            .Concat(LogCommand.All(options, console))
            .Concat(EventCommands.All(options, console)))
        {
            root.Add(command);
        }

        root.Add(CompletionCommand.Create(root, console));
        return root;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliHandlers handlers, CliConsole console)
    {
        var root = Build(handlers, console);
        var result = root.Parse(arguments);
        if (result.Errors.Count > 0)
        {
            return Explain(root, result, console.Error);
        }

        try
        {
            // The daemon has its own way with signals, and so has the demo: it ends its daemon first, which takes longer.
            var own = result.CommandResult.Command.Name is "run" or "demo";
            return await result.InvokeAsync(new InvocationConfiguration
            {
                Output = console.Out,
                Error = console.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = own ? null : Goodbye,
            });
        }
        catch (CliException e)
        {
            await console.Error.WriteLineAsync($"supervisor: {e.Message}");
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (IOException) when (!console.Terminal)
        {
            // Whoever read our output has left, as `head` does.
            return ExitCodes.Failed;
        }
    }

    private static int Explain(RootCommand root, ParseResult result, TextWriter error)
    {
        foreach (var message in result.Errors.Select(e => e.Message).Distinct())
        {
            error.WriteLine($"supervisor: {message}");
        }

        var at = result.CommandResult.Command;
        var known = at.Subcommands.Select(c => c.Name).Concat(at.Options.Concat(root.Options).Select(o => o.Name)).ToList();
        if (result.UnmatchedTokens.Select(t => Spelling.Closest(t, known)).FirstOrDefault(s => s is not null) is { } suggestion)
        {
            error.WriteLine($"Did you mean '{suggestion}'?");
        }

        error.WriteLine($"Try 'supervisor {(at == root ? "" : at.Name + " ")}--help'.");
        return ExitCodes.Usage;
    }
}
