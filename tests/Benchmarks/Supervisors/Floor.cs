using System.Diagnostics;
using Supervisor.Benchmarks.Measuring;

namespace Supervisor.Benchmarks.Supervisors;

/// <summary>fork, exec and waitpid in a loop: what no supervisor on this machine can be faster than.</summary>
sealed class Floor(string program) : Candidate
{
    public override string Name => "floor (fork, wait)";
    public override bool Answers() => ProcFs.IsAlive(DaemonPid);

    protected override void Write()
    {
    }

    protected override Process Start() => Work.Names.Count == 0
        ? Command.Start("sleep", ["1d"], In("log"))
        : Command.Start(program, [Work.Program, Work.Stamps.Path, .. Work.Names], In("log"));
}
