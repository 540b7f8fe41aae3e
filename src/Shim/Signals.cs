using System.Text;

namespace Supervisor.Shim;

/// <summary>Signals are read from a descriptor, never handled.</summary>
static unsafe class Signals
{
    static readonly int[] Ours =
    [
        Libc.SIGCHLD, Libc.SIGTERM, Libc.SIGINT, Libc.SIGHUP, Libc.SIGQUIT, Libc.SIGPIPE, Libc.SIGALRM, Libc.SIGUSR1, Libc.SIGUSR2,
    ];

    /// <summary>
    /// A signal goes to any thread that does not block it, and the runtime has threads of its own which inherit the mask that the
    /// program was started with. A starter that did not block them is made up for by starting once more.
    /// </summary>
    public static void BlockInAllThreads()
    {
        var set = stackalloc byte[128];
        var old = stackalloc byte[128];
        Fill(set);
        _ = Libc.pthread_sigmask(Libc.SIG_BLOCK, set, old);
        if (Libc.sigismember(old, Libc.SIGCHLD) == 1) return;
        var line = Encoding.UTF8.GetBytes(Io.ReadText("/proc/self/cmdline"));
        var environment = Encoding.UTF8.GetBytes(Io.ReadText("/proc/self/environ"));
        using var argv = new NativeStrings(line);
        using var env = new NativeStrings(environment);
        fixed (byte* self = "/proc/self/exe"u8) _ = Libc.execve(self, argv.Pointer, env.Pointer);
        Io.Report($"cannot start again with signals blocked: {ErrnoName.Of(Libc.Errno)}");
        Libc._exit(70);
    }

    public static int OpenDescriptor()
    {
        var set = stackalloc byte[128];
        Fill(set);
        return Libc.signalfd(-1, set, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
    }

    /// <summary>What a program expects to be started with: everything by default, nothing blocked.</summary>
    public static void Reset()
    {
        for (var signal = 1; signal <= 64; signal++)
            if (signal is not (Libc.SIGKILL or Libc.SIGSTOP)) _ = Libc.signal(signal, 0);
        var none = stackalloc byte[128];
        _ = Libc.sigemptyset(none);
        _ = Libc.pthread_sigmask(Libc.SIG_SETMASK, none, null);
    }

    static void Fill(byte* set)
    {
        _ = Libc.sigemptyset(set);
        foreach (var signal in Ours) _ = Libc.sigaddset(set, signal);
    }
}
