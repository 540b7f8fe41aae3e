using System.Diagnostics;
using Supervisor.Benchmarks.Measuring;

namespace Supervisor.Benchmarks.Supervisors;

sealed class S6 : Candidate
{
    const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public override string Name => "s6";
    public override string? Missing => Command.Find("s6-svscan") is null ? NotInstalled : null;

    string Services => In("services");

    protected override void Write()
    {
        Directory.CreateDirectory(Services);
        foreach (var name in Work.Names)
        {
            var run = Path.Combine(Directory.CreateDirectory(Path.Combine(Services, name)).FullName, "run");
            File.WriteAllText(run, $"#!/bin/sh\nexec {string.Join(' ', Work.CommandOf(name))}\n");
            File.SetUnixFileMode(run, Executable);
        }
    }

    protected override Process Start() => Command.Start("s6-svscan", ["-c", "1000", Services], In("log"));

    public override bool Answers() => Command.Run("s6-svscanctl", ["-a", Services]).ExitCode == 0;

    // s6 speaks of one service at a time; one shell asks for all.
    public override CommandResult Status() => Command.Run("/bin/sh", ["-c", "for s in \"$1\"/*; do s6-svstat \"$s\"; done", "sh", Services]);
    public override CommandResult StopAll() => Command.Run("/bin/sh", ["-c", "for s in \"$1\"/*; do s6-svc -d \"$s\"; done", "sh", Services]);
}
