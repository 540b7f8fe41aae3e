using Supervisor.Host.Cli;

return await CommandLine.RunAsync(args, Handlers.All, CliConsole.Standard());
