using System.Runtime.InteropServices;

namespace Supervisor.Shim;

/// <summary>
/// execvpe without its fallback to a shell: a file the kernel does not know how to run is an error, not a script.
/// The PATH is that of the given environment.
/// </summary>
static unsafe class ProgramSearch
{
    /// <summary>Returns only when it failed.</summary>
    public static (int Errno, byte Stage) Exec(byte** argv, byte** env)
    {
        var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(argv[0]);
        if (name.IsEmpty) return (Libc.ENOENT, Launcher.ProgramFailed);
        if (name.Contains((byte)'/')) return Try(argv[0], argv, env);
        (int Errno, byte Stage) worst = (Libc.ENOENT, Launcher.ProgramFailed);
        foreach (var range in Path(env).Split((byte)':'))
        {
            var tried = Try(Path(env)[range], name, argv, env);
            if (tried.Errno is not (Libc.ENOENT or Libc.ENOTDIR or Libc.EACCES)) return tried;
            // As execvp: go on after EACCES, but remember that there was something. Likewise for a script without its interpreter.
            if (tried.Errno == Libc.EACCES || (tried.Stage == Launcher.InterpreterFailed && worst.Errno != Libc.EACCES)) worst = tried;
        }
        return worst;
    }

    static ReadOnlySpan<byte> Path(byte** env)
    {
        for (; *env != null; env++)
        {
            var variable = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*env);
            if (variable.StartsWith("PATH="u8)) return variable[5..];
        }
        return "/usr/local/bin:/usr/bin:/bin"u8;
    }

    static (int Errno, byte Stage) Try(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> name, byte** argv, byte** env)
    {
        var candidate = new byte[folder.Length + name.Length + 2];
        folder.CopyTo(candidate);
        if (folder.IsEmpty)
        {
            name.CopyTo(candidate); // An empty entry is the working directory.
        }
        else
        {
            candidate[folder.Length] = (byte)'/';
            name.CopyTo(candidate.AsSpan(folder.Length + 1));
        }
        fixed (byte* p = candidate) return Try(p, argv, env);
    }

    static (int Errno, byte Stage) Try(byte* path, byte** argv, byte** env)
    {
        _ = Libc.execve(path, argv, env);
        var error = Libc.Errno;
        // ENOENT though the file is there: what its first line or its ELF header names is missing.
        var interpreter = error == Libc.ENOENT && Libc.access(path, 0) == 0;
        return (error, interpreter ? Launcher.InterpreterFailed : Launcher.ProgramFailed);
    }
}
