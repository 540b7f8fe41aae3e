using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Supervisor.Benchmarks.Measuring;

namespace Supervisor.Benchmarks.Supervisors;

sealed class Pm2(string sources) : Candidate
{
    readonly string _program = Path.Combine(sources, ".peers", "node_modules", "pm2", "bin", "pm2");

    public override string Name => "pm2";
    public override string? Missing => File.Exists(_program) && Command.Find("node") is not null ? null : NotInstalled;

    // The client starts the daemon and goes; the daemon says who it is.
    public override int DaemonPid => File.Exists(In("pm2.pid")) && int.TryParse(File.ReadAllText(In("pm2.pid")), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0;

    Dictionary<string, string> Environment => new() { ["PM2_HOME"] = Folder, ["PM2_DISCRETE_MODE"] = "true", ["NO_COLOR"] = "1", ["PM2_DISABLE_VERSION_CHECK"] = "true" };

    protected override void Write()
    {
        var apps = Work.Names.Select(name => new Dictionary<string, object>
        {
            ["name"] = name,
            ["script"] = Work.Program,
            ["args"] = Work.CommandOf(name)[1..],
            ["interpreter"] = "none",
            ["exec_mode"] = "fork",
            ["restart_delay"] = 0,
            ["max_restarts"] = 1_000_000,
            ["pmx"] = false,
        });
        File.WriteAllText(In("ecosystem.json"), JsonSerializer.Serialize(new { apps }));
    }

    protected override Process Start() => Command.Start("node", Work.Names.Count == 0 ? [_program, "ping"] : [_program, "start", In("ecosystem.json")], In("log"), Environment);

    public override bool Answers() => DaemonPid > 0 && Supervisord.Connects(In("rpc.sock"));
    public override CommandResult Status() => Client("ls");
    public override CommandResult StopAll() => Client("stop", "all");

    CommandResult Client(params string[] words) => Command.Run("node", [_program, .. words], Environment);
}
