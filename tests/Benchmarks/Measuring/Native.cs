using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Supervisor.Benchmarks.Measuring;

/// <summary>The few calls that must not go through anything slower.</summary>
static partial class Native
{
    public const int Kill = 9, Term = 15;

    const int Monotonic = 1, ReadWrite = 2, CloseOnExec = 0x80000;

    [StructLayout(LayoutKind.Sequential)]
    struct TimeSpec
    {
        public long Seconds, Nanoseconds;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int clock_gettime(int clock, TimeSpec* time);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    /// <summary>The clock of the agents' stamps.</summary>
    public static unsafe long Now
    {
        get
        {
            TimeSpec time;
            if (clock_gettime(Monotonic, &time) != 0) throw new Win32Exception();
            return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
        }
    }

    /// <summary>False when there is no such process.</summary>
    public static bool Signal(int pid, int signal) => pid > 1 && kill(pid, signal) == 0;

    public static void MakeFifo(string path)
    {
        if (mkfifo(path, 0x180) != 0) throw new Win32Exception();
    }

    /// <summary>Open for writing too, so that the last agent's going is no end of the file.</summary>
    public static SafeHandle OpenFifo(string path)
    {
        var fd = open(path, ReadWrite | CloseOnExec);
        return fd < 0 ? throw new Win32Exception() : new Microsoft.Win32.SafeHandles.SafeFileHandle(fd, ownsHandle: true);
    }
}
