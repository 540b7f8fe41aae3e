using System.Diagnostics;

namespace Supervisor.Host.Tests.Harness;

/// <summary>Waits for what no event announces, by asking again with growing pauses, never longer than allowed.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), () => what, within);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? within = null)
    {
        var limit = within ?? Patience;
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var watch = Stopwatch.StartNew(); !await condition();)
        {
            Assert.True(watch.Elapsed < limit, $"not within {limit.TotalSeconds:0.0} s: {what()}");
            await pause.WaitForNextTickAsync();
            pause.Period = TimeSpan.FromMilliseconds(Math.Min(100, pause.Period.TotalMilliseconds * 1.5));
        }
    }

    /// <summary>For proofs that something did not happen: lets the moment pass at which it would have.</summary>
    public static Task PastAsync(DateTimeOffset moment) =>
        TrueAsync(() => DateTimeOffset.UtcNow > moment, $"the clock passes {moment:O}", moment - DateTimeOffset.UtcNow + Patience);
}
