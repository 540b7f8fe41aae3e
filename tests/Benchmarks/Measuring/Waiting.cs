using System.Diagnostics;

namespace Supervisor.Benchmarks.Measuring;

/// <summary>For what offers no event: asked every millisecond, with an end.</summary>
static class Waiting
{
    public static bool Until(Func<bool> condition, TimeSpan patience)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(began) > patience) return false;
            Thread.Sleep(1);
        }

        return true;
    }
}
