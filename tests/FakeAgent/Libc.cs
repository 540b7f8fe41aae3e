using System.Runtime.InteropServices;

namespace Supervisor.FakeAgent;

/// <summary>What the framework does not say: signals with their defaults, sessions, locks without lock files.</summary>
internal static unsafe partial class Libc
{
    public const int SigKill = 9, SigTerm = 15, SigStop = 19;
    public const int EAgain = 11, EIntr = 4;
    private const short SpawnSetSigDef = 0x04, SpawnSetSigMask = 0x08, SpawnSetSid = 0x80;
    private const int LockExclusive = 2, LockNonBlocking = 4;
    private const int OpenWriteOnly = 1, OpenCreate = 0x40, OpenAppend = 0x400, OpenCloseOnExec = 0x80000;
    private const int ClockBootTime = 7;

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds, Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "getpid")]
    public static partial int GetPid();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int code);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial void ProcessControl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int fd, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial void Close(int fd);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(int fd, int operation);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, int* status, int options);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial void GetClock(int clock, TimeSpec* time);

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int Spawn(int* pid, byte* path, nint actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial void SpawnInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial void SpawnFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial void SpawnSigDefault(byte* attributes, byte* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial void SpawnSigMask(byte* attributes, byte* set);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial void FillSet(byte* set);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial void EmptySet(byte* set);

    public static void Ignore(int signal) => SetHandler(signal, 1);

    /// <summary>Ends this process by a signal, whatever handlers stand, and leaves no core file behind.</summary>
    public static void Die(int signal)
    {
        const int setDumpable = 4;
        ProcessControl(setDumpable, 0, 0, 0, 0);
        SetHandler(signal, 0);
        Kill(GetPid(), signal);
    }

    public static void WriteAll(int fd, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            nint written;
            fixed (byte* at = bytes)
            {
                written = Write(fd, at, bytes.Length);
            }

            if (written >= 0)
            {
                bytes = bytes[(int)written..];
            }
            else if (Marshal.GetLastPInvokeError() is not (EIntr or EAgain))
            {
                // Nobody reads any more: like most programs, the agent ends.
                ExitNow(74);
            }
        }
    }

    public static int OpenToAppend(string path)
    {
        var fd = Open(path, OpenWriteOnly | OpenCreate | OpenAppend | OpenCloseOnExec, 0x1A4);
        return fd >= 0 ? fd : throw new IOException($"cannot open {path}: errno {Marshal.GetLastPInvokeError()}");
    }

    public static bool TryLock(int fd) => Lock(fd, LockExclusive | LockNonBlocking) == 0;

    public static long BootNanoseconds()
    {
        TimeSpec time;
        GetClock(ClockBootTime, &time);
        return time.Seconds * 1_000_000_000 + time.Nanoseconds;
    }

    /// <summary>Starts a program with all signals at their defaults; the result is its pid, or minus errno.</summary>
    public static int Spawn(string program, IReadOnlyList<string> arguments, bool newSession)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(e => $"{e.Key}={e.Value}").ToArray();
        var argv = Vector([program, .. arguments]);
        var envp = Vector(environment);
        var path = Marshal.StringToCoTaskMemUTF8(program);
        var attributes = stackalloc byte[1024];
        var set = stackalloc byte[128];
        SpawnInit(attributes);
        SpawnFlags(attributes, (short)(SpawnSetSigDef | SpawnSetSigMask | (newSession ? SpawnSetSid : 0)));
        FillSet(set);
        SpawnSigDefault(attributes, set);
        EmptySet(set);
        SpawnSigMask(attributes, set);
        int pid;
        var error = Spawn(&pid, (byte*)path, 0, attributes, argv, envp);
        Marshal.FreeCoTaskMem(path);
        Free(argv);
        Free(envp);
        return error == 0 ? pid : -error;
    }

    /// <summary>Waits for a child; its wait status, or minus one when there is none.</summary>
    public static int Wait(int pid)
    {
        int status;
        while (WaitPid(pid, &status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != EIntr)
            {
                return -1;
            }
        }

        return status;
    }

    private static byte** Vector(string[] items)
    {
        var vector = (byte**)NativeMemory.Alloc((nuint)(items.Length + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < items.Length; i++)
        {
            vector[i] = (byte*)Marshal.StringToCoTaskMemUTF8(items[i]);
        }

        vector[items.Length] = null;
        return vector;
    }

    private static void Free(byte** vector)
    {
        for (var at = vector; *at != null; at++)
        {
            Marshal.FreeCoTaskMem((nint)(*at));
        }

        NativeMemory.Free(vector);
    }
}
