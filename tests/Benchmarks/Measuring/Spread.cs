using System.Globalization;

namespace Supervisor.Benchmarks.Measuring;

/// <summary>A sample of durations in milliseconds.</summary>
sealed class Spread(IEnumerable<double> values)
{
    readonly double[] _sorted = [.. values.Order()];

    public int Count => _sorted.Length;
    public string Min => Text(0);
    public string Median => Text(0.5);
    public string P99 => Text(0.99);
    public string Max => Text(1);

    /// <summary>Nearest rank: always a value that was measured.</summary>
    string Text(double quantile) =>
        Count == 0 ? "–" : Milliseconds(_sorted[Math.Clamp((int)Math.Ceiling(quantile * Count) - 1, 0, Count - 1)]);

    public static string Milliseconds(double value) => value.ToString(value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture) + " ms";
}
