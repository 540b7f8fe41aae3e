using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Tests.Outside;

/// <summary>Waits for what a shim says, within a bound.</summary>
static class ShimEvents
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>All events up to the next of a kind, which is the last of them.</summary>
    public static async Task<List<ShimEvent>> Until<T>(this IShim shim) where T : ShimEvent
    {
        var heard = new List<ShimEvent>();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            while (await shim.Events.WaitToReadAsync(limit.Token))
            {
                while (shim.Events.TryRead(out var told))
                {
                    heard.Add(told);
                    if (told is T) return heard;
                }
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"no {typeof(T).Name} within {Patience.TotalSeconds} s after: {string.Join(", ", heard)}");
        }
        Assert.Fail($"ended without {typeof(T).Name} after: {string.Join(", ", heard)}");
        return heard;
    }

    public static async Task<T> Next<T>(this IShim shim) where T : ShimEvent => (T)(await shim.Until<T>())[^1];

    /// <summary>To the very end of the run and of the shim.</summary>
    public static async Task<ShimExit> Exit(this IShim shim)
    {
        var exit = (await shim.Next<ShimEvent.Exited>()).Exit;
        await shim.Next<ShimEvent.Drained>();
        await shim.Gone();
        return exit;
    }

    public static Task Gone(this IShim shim) => TestProcess.Until(() => ProcessTable.Find(shim.Shim.Pid) is null, "the shim is gone and reaped");

    public static Task<IShim> Start(this Shims shims, ShimSpec spec) => shims.StartAsync(spec, CancellationToken.None);

    public static ValueTask Stop(this IShim shim, int graceMilliseconds, int killMilliseconds = 5000) =>
        shim.StopAsync(15, TimeSpan.FromMilliseconds(graceMilliseconds), TimeSpan.FromMilliseconds(killMilliseconds), CancellationToken.None);
}
