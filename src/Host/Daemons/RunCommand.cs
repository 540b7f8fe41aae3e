using System.Net.Sockets;
using System.Reflection;
using Supervisor.Host.Configuration;
using Supervisor.Host.Logging;

namespace Supervisor.Host.Daemons;

/// <summary>Settles everything that can be wrong before anything is started.</summary>
public static class RunCommand
{
    private const int Failed = 1, BadConfiguration = 2, Conflict = 5;

    public static async Task<int> RunAsync(string? config, LogFormat log, TextWriter errors, CancellationToken cancel)
    {
        // The daemon speaks on stderr. Akka falls back to the console once its loggers have stopped, and stdout is for data.
        Console.SetOut(TextWriter.Null);
        var (file, none) = ConfigLocator.Find(config);
        if (file is null)
        {
            errors.WriteLine(none);
            return BadConfiguration;
        }

        var result = FleetLoader.Load(file);
        if (result.Fleet is not { } fleet)
        {
            foreach (var error in result.Errors) errors.WriteLine(error);
            return BadConfiguration;
        }

        var http = fleet.Options.Http;
        string? token = null;
        if (http.TokenFile.Length > 0)
        {
            (token, var problem) = TokenFile.Read(http.TokenFile);
            if (problem is not null)
            {
                errors.WriteLine(problem);
                return BadConfiguration;
            }
        }

        var directory = NodeDefaults.StateDir(fleet.Options.Node, Environment.GetEnvironmentVariable);
        try
        {
            using var state = StateDirectory.TryOpen(directory, out var held);
            if (state is null)
            {
                errors.WriteLine(held);
                return Conflict;
            }

            var node = NodeDefaults.Name(fleet.Options.Node, Environment.MachineName);
            return await new SupervisorDaemon(fleet, state, node, token, log).RunAsync(cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            errors.WriteLine($"the daemon cannot start: {e.Message}");
            return Failed;
        }
    }
}

public static class ThisVersion
{
    public static string Text { get; } =
        typeof(ThisVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
