using System.Runtime.InteropServices;

namespace Supervisor.Actors.Outside.Native;

/// <summary>Processes by descriptor: such a one never comes to mean another process.</summary>
static unsafe partial class PidCalls
{
    const int PidfdOpen = 434, PidfdSendSignal = 424; // The same on all architectures.
    const int WaitByPidfd = 3, WaitExited = 4, WaitNoHang = 1;

    const int NoSuchProcess = 3;

    /// <summary>-1 when there is no such process. Any other failure proves nothing and is thrown.</summary>
    public static int Open(int pid)
    {
        var pidfd = (int)syscall(PidfdOpen, pid, 0, 0, 0);
        return pidfd >= 0 || Marshal.GetLastPInvokeError() == NoSuchProcess
            ? pidfd
            : throw new IOException($"cannot watch process {pid}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    public static bool Signal(int pidfd, int signal) => syscall(PidfdSendSignal, pidfd, signal, 0, 0) == 0;

    public static void KillOne(int pid)
    {
        var pidfd = Open(pid);
        if (pidfd < 0) return;
        Signal(pidfd, 9);
        _ = SpawnCalls.close(pidfd);
    }

    /// <summary>Reaps a child of ours that has ended.</summary>
    public static void Reap(int pidfd)
    {
        var info = stackalloc byte[128];
        _ = waitid(WaitByPidfd, pidfd, info, WaitExited | WaitNoHang);
    }

    [LibraryImport("libc", SetLastError = true)] private static partial nint syscall(nint number, nint a, nint b, nint c, nint d);
    [LibraryImport("libc", SetLastError = true)] private static partial int waitid(int kind, int id, void* info, int options);
}
