using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Supervisor.Shim;

/// <summary>The agent's own process and our ends of its pipes. Until it has been told what to become, it is the launcher.</summary>
sealed unsafe class AgentProcess
{
    public int Pid { get; private set; }
    public string StartTicks { get; private set; } = "0";
    public int Input { get; private set; } = -1;
    public int Output { get; private set; } = -1;
    public int Errors { get; private set; } = -1;

    /// <summary>Ends when the program has been started; carries an error otherwise.</summary>
    public int Control { get; private set; } = -1;

    /// <summary>0, or the error number.</summary>
    public int StartLauncher()
    {
        var fds = stackalloc int[8];
        if (Libc.pipe2(fds, Libc.O_CLOEXEC) != 0 || Libc.pipe2(fds + 2, Libc.O_CLOEXEC) != 0 || Libc.pipe2(fds + 4, Libc.O_CLOEXEC) != 0
            || Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, fds + 6) != 0) return Libc.Errno;
        (Input, Output, Errors, Control) = (fds[1], fds[2], fds[4], fds[6]);
        foreach (var fd in (int[])[Input, Output, Errors])
            _ = Libc.fcntl(fd, Libc.F_SETFL, Libc.fcntl(fd, Libc.F_GETFL, 0) | Libc.O_NONBLOCK);
        var error = Spawn(fds[0], fds[3], fds[5], fds[7]);
        foreach (var fd in (int[])[fds[0], fds[3], fds[5], fds[7]]) _ = Libc.close(fd);
        if (error == 0) StartTicks = TicksOf(Pid);
        return error;
    }

    int Spawn(int input, int output, int errors, int control)
    {
        // glibc: 80 and 336 bytes; musl less.
        var actions = stackalloc byte[512];
        var attributes = stackalloc byte[512];
        _ = Libc.posix_spawn_file_actions_init(actions);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, input, 0);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, output, 1);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, errors, 2);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, control, Launcher.Control);
        _ = Libc.posix_spawnattr_init(attributes);
        const short ownSession = 0x80; // POSIX_SPAWN_SETSID. The mask stays ours: a signal waits until the program is there to get it.
        _ = Libc.posix_spawnattr_setflags(attributes, ownSession);
        // The native form is itself; on the .NET runtime the program is "dotnet" and its first argument the library.
        var line = Io.ReadText("/proc/self/cmdline");
        var first = line[..(line.IndexOf('\0') + 1)];
        var library = RuntimeFeature.IsDynamicCodeSupported ? Path.Combine(AppContext.BaseDirectory, "supervisor-shim.dll") + "\0" : "";
        using var argv = new NativeStrings(System.Text.Encoding.UTF8.GetBytes(first + library + "--exec\0"));
        using var env = new NativeStrings(System.Text.Encoding.UTF8.GetBytes(Io.ReadText("/proc/self/environ")));
        int pid, error;
        fixed (byte* self = "/proc/self/exe"u8) error = Libc.posix_spawn(&pid, self, actions, attributes, argv.Pointer, env.Pointer);
        _ = Libc.posix_spawnattr_destroy(attributes);
        _ = Libc.posix_spawn_file_actions_destroy(actions);
        Pid = pid;
        return error;
    }

    /// <summary>Tells the launcher what to become.</summary>
    public bool Launch(byte[] launch)
    {
        Span<byte> head = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(head, launch.Length);
        return Io.WriteFully(Control, head) && Io.WriteFully(Control, launch);
    }

    /// <summary>Waits for the launcher's answer: 0 when the program runs.</summary>
    public (int Errno, byte Stage) Answer()
    {
        Span<byte> word = stackalloc byte[5];
        var failed = Io.ReadFully(Control, word);
        CloseControl();
        return failed ? (BinaryPrimitives.ReadInt32LittleEndian(word), word[4]) : (0, Launcher.Started);
    }

    public void CloseControl()
    {
        if (Control >= 0) _ = Libc.close(Control);
        Control = -1;
    }

    /// <summary>Field 22 of <c>stat</c>, counted behind the name, which may hold anything.</summary>
    public static string TicksOf(int pid)
    {
        var stat = Io.ReadText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 ? fields[19] : "0";
    }
}
