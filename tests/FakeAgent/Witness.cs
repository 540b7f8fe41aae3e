using System.Globalization;
using System.Text;

namespace Supervisor.FakeAgent;

/// <summary>
/// A witness that does not trust the supervisor: each copy of an agent holds one lock while it lives, and says itself when it finds
/// the lock taken. The lock is on a file beside the witness's: whoever reads that one through the framework locks it, too. Lines: <c>begin|end|OVERLAP pid start-ticks boot-nanoseconds</c>.
/// </summary>
internal static class Witness
{
    private static int _fd = -1;

    public static void Begin(string path)
    {
        _fd = Libc.OpenToAppend(path);
        Say(Libc.TryLock(Libc.OpenToAppend(path + ".lock")) ? "begin" : "OVERLAP");
    }

    public static void End()
    {
        if (_fd >= 0)
        {
            Say("end");
        }
    }

    private static void Say(string what)
    {
        var stat = File.ReadAllText("/proc/self/stat");
        // "17 (a name with spaces) S 1 ...": field 22, counted from behind the name.
        var ticks = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        Libc.WriteAll(_fd, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what} {Libc.GetPid()} {ticks} {Libc.BootNanoseconds()}\n")));
    }
}
