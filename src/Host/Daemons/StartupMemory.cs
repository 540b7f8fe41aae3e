using System.Runtime;
using Supervisor.Actors.Outside;

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
        CLibraryHeap.Trim();
    }, null, Settled, Timeout.InfiniteTimeSpan);
}
