using System.Text.Json;
using Supervisor.Actors.Outside;
using Supervisor.Actors.Serialization;
using Supervisor.Host.Configuration;
using Supervisor.Host.Daemons;

namespace Supervisor.Host.Cli;

/// <summary>What stands behind the commands that are no clients.</summary>
public static class Handlers
{
    public static CliHandlers All { get; } = new()
    {
        Run = (arguments, cancel) => RunCommand.RunAsync(arguments.Config, arguments.Log, Console.Error, cancel),
        Demo = (arguments, console, cancel) => Demo.DemoCommand.RunAsync(
            new Demo.DemoArguments(arguments.Seconds ?? Demo.DemoArguments.Usual, arguments.Keep, arguments.Json), console.Out, console.Error, console.Terminal, cancel),
        ConfigCheck = (arguments, console, _) => Task.FromResult(ConfigCommands.Check(arguments.File, arguments.Json, console.Out, console.Error)),
        ConfigDiff = DiffAsync,
        ConfigSchema = console => ConfigCommands.Schema(console.Out),
        Prerequisites = cancel => MachineChecks.AllAsync(StateDirectoryNow(), ShimPaths.Native(AppContext.BaseDirectory)?.Program, cancel),
    };

    /// <summary>The file as this user can read it, against the fleet that the daemon runs.</summary>
    private static async Task<int> DiffAsync(ConfigArguments arguments, CliConsole console, CancellationToken cancel)
    {
        if (ConfigCommands.Load(arguments.File, console.Error) is not { } fleet) return ExitCodes.Usage;
        using var api = arguments.Connect();
        var (answer, _) = await api.SendAsync(HttpMethod.Post, "/api/v1/config/diff", JsonSerializer.Serialize(fleet, WireJson.Wire), TimeSpan.FromSeconds(10), cancel);
        return ConfigCommands.Diff(answer.Deserialize<FleetDiff>(WireJson.Public)!, arguments.Json, console.Out);
    }

    private static string StateDirectoryNow()
    {
        var (file, _) = ConfigLocator.Find(null);
        var node = file is not null && FleetLoader.Load(file).Fleet is { } fleet ? fleet.Options.Node : new NodeOptions();
        return NodeDefaults.StateDir(node, Environment.GetEnvironmentVariable);
    }
}
