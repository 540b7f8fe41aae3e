using System.Globalization;
using System.Text;

namespace Supervisor.Shim;

/// <summary>What the shim leaves in the run directory (its current one), so that whoever comes after knows.</summary>
static class RunFiles
{
    public const string Shim = "shim.json", Exit = "exit.json";
    const int Patience = 10_000, Interval = 2;

    /// <summary>Null when the agent's lock is ours, for as long as we live; otherwise why not.</summary>
    public static string? Lock(string agentDirectory, Func<bool> abandoned, out int error)
    {
        var fd = Libc.open(agentDirectory + "/lock", Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC, 0x180);
        error = fd < 0 ? Libc.Errno : 0;
        if (fd < 0) return $"cannot open {agentDirectory}/lock";
        // The run before may still be saving its output.
        var until = Clock.Now + Patience;
        while (Libc.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB) != 0)
        {
            error = Libc.Errno;
            if (error is not (Libc.EAGAIN or Libc.EINTR)) return $"cannot lock {agentDirectory}/lock";
            error = Libc.EBUSY;
            if (abandoned()) return "its starter is gone";
            if (Clock.Now > until) return $"another process of this agent holds its lock: pid {Io.ReadText(agentDirectory + "/lock").Trim()}";
            Pause(Interval);
        }
        var pid = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Libc.getpid(),-11}\n"));
        Io.WriteFully(fd, pid);
        return null;
    }

    /// <summary>One run directory has one run, for ever.</summary>
    public static string? AlreadyStarted() =>
        Libc.access(Exit, 0) == 0 ? "this run has already ended" : Libc.access(Shim, 0) == 0 ? "this run was already started" : null;

    public static int WriteShim(Spec spec, AgentProcess agent)
    {
        var boot = Io.ReadText("/proc/sys/kernel/random/boot_id").Trim();
        var cgroups = string.Join(',', spec.Cgroups.Select(Quote));
        return Io.ReplaceFile(Shim, string.Create(CultureInfo.InvariantCulture,
            $$"""{"protocol":1,"agentId":{{Quote(spec.AgentId)}},"run":{{spec.Run}},"epoch":{{spec.Epoch}},"boot":"{{boot}}","pid":{{Libc.getpid()}},"ticks":{{AgentProcess.TicksOf(Libc.getpid())}},"agentPid":{{agent.Pid}},"agentTicks":{{agent.StartTicks}},"cgroups":[{{cgroups}}]}""") + "\n",
            durable: false);
    }

    public static string SpawnFailure(string errno, string detail, DateTimeOffset at) =>
        $$"""{"protocol":1,"code":null,"signal":null,"by":"supervisor","reason":"spawn-failed","errno":"{{errno}}","detail":{{Quote(detail)}},"at":"{{Clock.Text(at)}}","stdout":0,"stderr":0}""" + "\n";

    static unsafe void Pause(int milliseconds) => _ = Libc.poll(null, 0, milliseconds);

    static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c < ' ') quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }
}
