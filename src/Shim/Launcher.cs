using System.Buffers.Binary;

namespace Supervisor.Shim;

/// <summary>
/// The process that becomes the agent: <c>supervisor-shim --exec</c>. It exists before the agent does, so that it can be bound to the
/// shim's life, put in its cgroups and written down first; while it starts, the shim prepares the rest.
/// posix_spawn alone could do none of this.
/// </summary>
static unsafe class Launcher
{
    public const int Control = 3;
    public const byte Started = 0, DirectoryFailed = 1, ProgramFailed = 2, InterpreterFailed = 3;

    public static void Run()
    {
        _ = Libc.prctl(Libc.PR_SET_PDEATHSIG, Libc.SIGKILL, 0, 0, 0);
        CloseOnExec();
        Span<byte> head = stackalloc byte[4];
        // End of stream: the shim is gone or has thought better of it. If it died before the line above, this is where we learn it.
        if (!Io.ReadFully(Control, head)) Libc._exit(0);
        var launch = new byte[BinaryPrimitives.ReadInt32LittleEndian(head)];
        if (!Io.ReadFully(Control, launch)) Libc._exit(0);
        Become(new WireReader(launch));
        Libc._exit(127);
    }

    static void Become(WireReader reader)
    {
        var directory = reader.Bytes();
        var path = new byte[directory.Length + 1];
        directory.CopyTo(path);
        fixed (byte* p = path)
        {
            if (Libc.chdir(p) != 0)
            {
                Tell(Libc.Errno, DirectoryFailed);
                return;
            }
        }
        using var argv = NativeStrings.From(ref reader);
        using var env = NativeStrings.From(ref reader);
        Signals.Reset();
        var (error, stage) = ProgramSearch.Exec(argv.Pointer, env.Pointer);
        Tell(error, stage);
    }

    static void CloseOnExec()
    {
        const int closeRange = 436, onExec = 4;
        _ = Libc.fcntl(Control, Libc.F_SETFD, Libc.FD_CLOEXEC);
        // Best effort on top: everything of ours is opened close-on-exec, this covers what the runtime may have.
        _ = Libc.syscall(closeRange, Control, int.MaxValue, onExec);
    }

    static void Tell(int error, byte stage)
    {
        Span<byte> word = stackalloc byte[5];
        BinaryPrimitives.WriteInt32LittleEndian(word, error);
        word[4] = stage;
        Io.WriteFully(Control, word);
    }
}
