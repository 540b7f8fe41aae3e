using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Supervisor.Actors.Outside.Native;

/// <summary>A directory, open as such; <see cref="File"/> opens files only.</summary>
static partial class DirectoryHandle
{
    const int DirectoryOnly = 0x10000, DirectoryOnlyArm = 0x4000, CloseOnExec = 0x80000;

    public static SafeFileHandle Open(string path)
    {
        var kind = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? DirectoryOnlyArm : DirectoryOnly;
        var fd = open(path, kind | CloseOnExec, 0);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new IOException($"cannot open {path}");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)] private static partial int open(string path, int flags, int mode);
}
