using System.Runtime;
using System.Runtime.InteropServices;

namespace Supervisor.Host.Daemons;

/// <summary>A start needs far more memory than the weeks that follow: configuration, compiled methods, recovered journals. It is given back once.</summary>
static class StartupMemory
{
    /// <summary>By then a fleet of hundreds runs, and methods used often have been compiled for good.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    public static Timer ReturnLater() => new(_ =>
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        TrimMalloc();
    }, null, Settled, Timeout.InfiniteTimeSpan);

    /// <summary>What the compiler had from the C library. Where that is not glibc there is no such call, and nothing to be done.</summary>
    private static void TrimMalloc()
    {
        if (NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out var trim))
        {
            unsafe { _ = ((delegate* unmanaged<nuint, int>)trim)(0); }
        }
    }
}
