using System.Diagnostics;
using System.Runtime.InteropServices;
using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Tests.Outside;

/// <summary>What tests do to processes, and how they wait for the kernel's tables to show it.</summary>
static partial class TestProcess
{
    public static void Signal(int pid, int signal) => Assert.Equal(0, kill(pid, signal));

    public static bool IsThere(int pid) => ProcessTable.Find(pid) is { State: not ('Z' or 'X') };

    /// <summary>For states that nothing announces, such as another process's death or a file of its making.</summary>
    public static async Task Until(Func<bool> condition, string what, int milliseconds = 10_000)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.ElapsedMilliseconds < milliseconds, $"not within {milliseconds} ms: {what}");
            await Task.Yield();
            Thread.Sleep(5);
        }
    }

    [LibraryImport("libc")] private static partial int kill(int pid, int signal);
}
