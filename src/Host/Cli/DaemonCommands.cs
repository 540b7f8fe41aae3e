using System.CommandLine;
using System.Text.Json;
using Supervisor.Host.Logging;

namespace Supervisor.Host.Cli;

/// <summary>The daemon itself, its configuration and its machine.</summary>
public static class DaemonCommands
{
    public static IEnumerable<Command> All(CliHandlers handlers, ClientOptions options, CliConsole console)
    {
        yield return Run(handlers);
        yield return Demo(handlers, options, console);
        yield return Config(handlers, options, console);
        yield return Reload(options, console);
        yield return DoctorCommand.Create(handlers, options, console);
    }

    private static Command Run(CliHandlers handlers)
    {
        var config = new Option<string?>("--config") { Description = "Else $SUPERVISOR_CONFIG, ./supervisor.yaml, ./config/supervisor.yaml, /etc/supervisor/supervisor.yaml.", HelpName = "FILE" };
        var log = new Option<string?>("--log") { Description = "The form of the log on stderr; else text on a terminal, json otherwise.", HelpName = "json|text" };
        log.AcceptOnlyFromAmong("json", "text");
        var command = new Command("run", "The daemon, in the foreground.") { config, log };
        command.SetAction((result, cancel) => handlers.Run(new RunArguments(result.GetValue(config), result.GetValue(log) switch
        {
            "json" => LogFormat.Json,
            "text" => LogFormat.Text,
            _ => Console.IsErrorRedirected ? LogFormat.Json : LogFormat.Text,
        }), cancel));
        return command;
    }

    private static Command Demo(CliHandlers handlers, ClientOptions options, CliConsole console)
    {
        var seconds = new Option<int?>("--seconds") { Description = "How long it goes on.", HelpName = "N" };
        var keep = new Option<bool>("--keep") { Description = "Leave the temporary folder in place." };
        var command = new Command("demo", "A whole fleet in a temporary folder: real git, real processes, no credentials.") { seconds, keep };
        command.SetAction((result, cancel) => handlers.Demo(new DemoArguments(result.GetValue(seconds), result.GetValue(keep), result.GetValue(options.Json)), console, cancel));
        return command;
    }

    private static Command Config(CliHandlers handlers, ClientOptions options, CliConsole console)
    {
        var command = new Command("config", "The configuration.");
        command.Add(OfFile("check", "Validate; errors as FILE:LINE:COL: message, exit status 2.", handlers.ConfigCheck));
        command.Add(OfFile("diff", "What a reload of this file would start, stop, change, and leave alone.", handlers.ConfigDiff));
        var schema = new Command("schema", "The JSON Schema.");
        schema.SetAction(_ => handlers.ConfigSchema(console));
        command.Add(schema);
        return command;

        Command OfFile(string name, string description, Func<ConfigArguments, CliConsole, CancellationToken, Task<int>> handle)
        {
            var file = new Argument<string?>("FILE") { Description = "The file; else the one that `run` would take.", Arity = ArgumentArity.ZeroOrOne };
            var sub = new Command(name, description) { file };
            sub.SetAction((result, cancel) => handle(new ConfigArguments(result.GetValue(file), result.GetValue(options.Json), () => options.Connect(result)), console, cancel));
            return sub;
        }
    }

    private static Command Reload(ClientOptions options, CliConsole console)
    {
        var command = new Command("reload", "Apply the daemon's configuration file again, as SIGHUP does.");
        command.SetAction(async (result, cancel) =>
        {
            using var api = options.Connect(result);
            var (outcome, _) = await api.SendAsync(HttpMethod.Post, "/api/v1/config/reload", null, TimeSpan.FromSeconds(30), cancel);
            if (result.GetValue(options.Json))
            {
                console.Out.WriteLine(outcome.GetRawText());
                return ExitCodes.Ok;
            }

            WriteChanges(outcome, console.Out);
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>The lists of a reload, or of what one would do.</summary>
    public static void WriteChanges(JsonElement outcome, TextWriter to)
    {
        var any = false;
        foreach (var list in outcome.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array && p.Value.GetArrayLength() > 0))
        {
            any = true;
            to.WriteLine($"{list.Name,-9}{string.Join(' ', list.Value.EnumerateArray())}");
        }

        if (!any)
        {
            to.WriteLine("nothing changed");
        }
    }
}
