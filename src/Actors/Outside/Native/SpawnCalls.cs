using System.Runtime.InteropServices;

namespace Supervisor.Actors.Outside.Native;

/// <summary>posix_spawn and what prepares it. Linux only, x64 and arm64.</summary>
static unsafe partial class SpawnCalls
{
    public const short SetDefaultSignals = 0x04, SetSignalMask = 0x08, SetSession = 0x80;
    public const int ReadWrite = 2, WriteAppendCreate = 0x441;
    public const int UnixDomain = 1, Stream = 1, CloseOnExec = 0x80000;

    [LibraryImport("libc")] public static partial int posix_spawn(int* pid, byte* path, void* actions, void* attributes, byte** argv, byte** env);
    [LibraryImport("libc")] public static partial int posix_spawnattr_init(void* attributes);
    [LibraryImport("libc")] public static partial int posix_spawnattr_destroy(void* attributes);
    [LibraryImport("libc")] public static partial int posix_spawnattr_setflags(void* attributes, short flags);
    [LibraryImport("libc")] public static partial int posix_spawnattr_setsigmask(void* attributes, byte* set);
    [LibraryImport("libc")] public static partial int posix_spawnattr_setsigdefault(void* attributes, byte* set);
    [LibraryImport("libc")] public static partial int posix_spawn_file_actions_init(void* actions);
    [LibraryImport("libc")] public static partial int posix_spawn_file_actions_destroy(void* actions);
    [LibraryImport("libc")] public static partial int posix_spawn_file_actions_adddup2(void* actions, int fd, int target);
    [LibraryImport("libc")] public static partial int posix_spawn_file_actions_addopen(void* actions, int fd, byte* path, int flags, uint mode);
    [LibraryImport("libc")] public static partial int posix_spawn_file_actions_addchdir_np(void* actions, byte* path);
    [LibraryImport("libc")] public static partial int sigemptyset(byte* set);
    [LibraryImport("libc")] public static partial int sigfillset(byte* set);
    [LibraryImport("libc")] public static partial int sigaddset(byte* set, int signal);
    [LibraryImport("libc", SetLastError = true)] public static partial int socketpair(int domain, int type, int protocol, int* fds);
    [LibraryImport("libc")] public static partial int close(int fd);
}
