using System.Runtime.InteropServices;

namespace Supervisor.Actors.Outside;

/// <summary>The C library's own heap, from which the runtime's compiler takes its memory.</summary>
public static unsafe class CLibraryHeap
{
    /// <summary>Gives free memory back to the system. Where the C library is not glibc there is no such call, and nothing to be done.</summary>
    public static void Trim()
    {
        if (NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out var trim))
            _ = ((delegate* unmanaged<nuint, int>)trim)(0);
    }
}
