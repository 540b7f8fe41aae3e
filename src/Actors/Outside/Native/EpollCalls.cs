using System.Runtime.InteropServices;

namespace Supervisor.Actors.Outside.Native;

/// <summary>Just enough of epoll to wait for one-off readiness.</summary>
static unsafe partial class EpollCalls
{
    const int Add = 1, Remove = 2, CloseOnExec = 0x80000;
    const uint Readable = 1;

    // struct epoll_event is packed on x64 alone.
    static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public static int Create() => epoll_create1(CloseOnExec);

    public static bool Watch(int epoll, int fd)
    {
        var item = stackalloc byte[16];
        *(uint*)item = Readable;
        *(int*)(item + DataAt) = fd;
        return epoll_ctl(epoll, Add, fd, item) == 0;
    }

    public static void Forget(int epoll, int fd)
    {
        var item = stackalloc byte[16];
        _ = epoll_ctl(epoll, Remove, fd, item);
    }

    /// <summary>One descriptor that is ready; -1 when interrupted.</summary>
    public static int Wait(int epoll)
    {
        var item = stackalloc byte[16];
        return epoll_wait(epoll, item, 1, -1) == 1 ? *(int*)(item + DataAt) : -1;
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int epoll_create1(int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int epoll_ctl(int epoll, int operation, int fd, void* item);
    [LibraryImport("libc", SetLastError = true)] private static partial int epoll_wait(int epoll, void* items, int most, int timeout);
    [LibraryImport("libc", SetLastError = true)] public static partial int eventfd(uint initial, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial nint write(int fd, void* bytes, nint count);
}
