using System.Runtime.InteropServices;

namespace Supervisor.FakeAgent;

internal static class ProcessVerbs
{
    private const string Myself = "/proc/self/exe";
    private static readonly List<PosixSignalRegistration> Traps = [];

    public static IReadOnlyDictionary<string, Action<Interpreter, Script>> All { get; } = new Dictionary<string, Action<Interpreter, Script>>
    {
        ["exit"] = (_, script) => Interpreter.Exit(script.Number()),
        ["die"] = (_, script) => Libc.Die(script.Signal()),
        ["stop-self"] = (_, _) => Libc.Kill(Libc.GetPid(), Libc.SigStop),
        ["ignore-term"] = (_, _) => Libc.Ignore(Libc.SigTerm),
        ["trap-term"] = (me, script) => Trap(me, script.Duration(), script.Number()),
        ["spawn"] = (_, script) => Started(Spawn(script.Block(), newSession: false)),
        ["spawn-session"] = (_, script) => Started(Spawn(script.Block(), newSession: true)),
        ["spawn-daemon"] = (_, script) => SpawnDaemon(script.Block()),
        ["spawn-wait"] = (_, script) => Libc.Wait(Started(Spawn(script.Block(), newSession: false))),
        ["spawn-wait-exit"] = (_, script) => Interpreter.Exit(Libc.Wait(Started(Spawn(script.Block(), newSession: false))) == 0 ? 0 : 9),
        ["short-children"] = (_, script) => ShortChildren(script.Number()),
        ["orphans"] = (_, script) => Orphans(script.Number()),
        ["forkbomb"] = (me, script) => ForkBomb(me, script.Number()),
        ["alloc"] = (_, script) => Allocate(script.Number()),
        ["signal-matching"] = SignalMatching,
    };

    // trap-term DURATION CODE: each TERM is told on standard output; the first is obeyed after the duration.
    private static void Trap(Interpreter me, TimeSpan delay, int code)
    {
        var asked = 0;
        Traps.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            me.Out("TERM\n");
            if (Interlocked.Increment(ref asked) == 1)
            {
                Thread.Sleep(delay);
                Interpreter.Exit(code);
            }
        }));
    }

    private static int Spawn(IReadOnlyList<string> script, bool newSession) => Libc.Spawn(ExecutablePath(), script, newSession);

    // By its real path: through /proc/self/exe the runtime's own host would not find its files.
    private static string ExecutablePath() => File.ResolveLinkTarget(Myself, returnFinalTarget: true)?.FullName ?? Myself;

    private static int Started(int pid) => pid > 0 ? pid : throw new IOException($"spawn: errno {-pid}");

    // A daemon as programs make one: a new session, and a parent that is gone at once.
    private static void SpawnDaemon(IReadOnlyList<string> script) =>
        Libc.Wait(Started(Spawn(["spawn-session", .. Braced(script)], newSession: true)));

    private static IReadOnlyList<string> Braced(IReadOnlyList<string> script) => ["{", .. script, "}"];

    private static void ShortChildren(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Libc.Wait(Started(Libc.Spawn("/bin/true", [], newSession: false)));
        }
    }

    private static void Orphans(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Libc.Wait(Started(Libc.Spawn("/bin/sh", ["-c", "/bin/true & exit 0"], newSession: false)));
        }
    }

    // forkbomb LIMIT: children until the system refuses, at most LIMIT of them; tells how it went.
    private static void ForkBomb(Interpreter me, int limit)
    {
        for (var i = 0; i < limit; i++)
        {
            var pid = Libc.Spawn("/bin/sleep", ["1000"], newSession: false);
            if (pid < 0)
            {
                me.Out($"refused after {i}: errno {-pid}\n");
                return;
            }
        }

        me.Out($"never refused: {limit}\n");
    }

    private static unsafe void Allocate(int mebibytes)
    {
        for (var i = 0; i < mebibytes; i++)
        {
            NativeMemory.Fill(NativeMemory.Alloc(1 << 20), 1 << 20, 0x5A);
        }
    }

    // signal-matching SIGNAL TEXT: what `pkill -f TEXT` does, to every process but this one.
    private static void SignalMatching(Interpreter me, Script script)
    {
        var signal = script.Signal();
        var text = script.Word();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var pid) && pid != Libc.GetPid() && CommandLine(directory).Contains(text, StringComparison.Ordinal))
            {
                Libc.Kill(pid, signal);
            }
        }
    }

    private static string CommandLine(string directory)
    {
        try
        {
            return File.ReadAllText(directory + "/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            // The process ended while it was being looked at.
            return "";
        }
    }
}
