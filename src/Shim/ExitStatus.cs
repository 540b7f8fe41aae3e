using System.Globalization;

namespace Supervisor.Shim;

/// <summary>How the agent's own process ended, and who ended it.</summary>
sealed record ExitStatus(int? Code, int? Signal, bool Core, string By, string Reason, DateTimeOffset At)
{
    /// <param name="status">As wait4 gives it.</param>
    /// <param name="oom">The kernel has killed something of the tree for want of memory.</param>
    public static ExitStatus From(int status, Escalation ending, bool oom, DateTimeOffset at)
    {
        int? signal = (status & 0x7f) == 0 ? null : status & 0x7f;
        int? code = signal is null ? (status >> 8) & 0xff : null;
        var (by, reason) = Judge(code, signal, ending, oom);
        return new ExitStatus(code, signal, (status & 0x80) != 0, by, reason, at);
    }

    static (string By, string Reason) Judge(int? code, int? signal, Escalation ending, bool oom) => signal switch
    {
        Libc.SIGKILL when ending.Stopping && ending.Killed => (Stopper(ending), ending.AtOnce ? "killed" : "grace-expired"),
        _ when oom && code != 0 => ("oom", "oom"),
        Libc.SIGKILL => ("external", "signalled"),
        Libc.SIGSEGV or Libc.SIGABRT or Libc.SIGBUS or Libc.SIGFPE or Libc.SIGILL or Libc.SIGTRAP or Libc.SIGSYS => ("external", "crashed"),
        _ when ending.Stopping => (Stopper(ending), "graceful"),
        null => ("agent", "exited"),
        _ => ("external", "signalled"),
    };

    static string Stopper(Escalation ending) => ending.ByStranger ? "external" : "supervisor";

    public string Line() => string.Create(CultureInfo.InvariantCulture,
        $"exited {Code?.ToString(CultureInfo.InvariantCulture) ?? "-"} {Signal?.ToString(CultureInfo.InvariantCulture) ?? "-"} {(Core ? 1 : 0)} {By} {Reason} {At.ToUnixTimeMilliseconds()}");

    public string Json(long stdout, long stderr) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"protocol":1,"code":{{Number(Code)}},"signal":{{Number(Signal)}},"core":{{(Core ? "true" : "false")}},"by":"{{By}}","reason":"{{Reason}}","at":"{{Clock.Text(At)}}","stdout":{{stdout}},"stderr":{{stderr}}}""") + "\n";

    static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";
}
