using Supervisor.Shim;

// supervisor-shim <agent> <run>: the parent of one run of one agent. The rest arrives on standard input, which stays the starter's connection.
// supervisor-shim --exec: becomes the agent.
if (args is ["--exec"]) Launcher.Run();
if (args is ["--version"])
{
    Io.WriteFully(1, "supervisor-shim 1\n"u8);
    return 0;
}
if (args.Length != 2)
{
    Io.Report("supervisor-shim is started by supervisor");
    return 64;
}
Signals.BlockInAllThreads();
Libc._exit(new Start().Run());
return 0;
