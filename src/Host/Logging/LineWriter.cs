using System.Collections.Concurrent;
using System.Text;

namespace Supervisor.Host.Logging;

/// <summary>
/// Writes whole lines from a thread of its own: whoever logs never waits for a reader of standard error that has stopped
/// reading. Lines beyond the buffer are dropped and counted.
/// </summary>
public sealed class LineWriter : IDisposable
{
    private const int Capacity = 8192;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<string> _lines = new(Capacity);
    private readonly Stream _to;
    private readonly Func<long, string> _droppedLine;
    private readonly Thread _thread;
    private long _dropped;

    /// <param name="droppedLine">The line that says how many lines were dropped.</param>
    public LineWriter(Stream to, Func<long, string> droppedLine)
    {
        (_to, _droppedLine) = (to, droppedLine);
        _thread = new Thread(Run) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    public void Write(string line)
    {
        // Adding may have been completed by a shutdown that still logs.
        if (_lines.IsAddingCompleted || !TryAdd(line))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public void Dispose()
    {
        _lines.CompleteAdding();
        if (_thread.Join(LastWords))
        {
            _lines.Dispose();
        }
    }

    private bool TryAdd(string line)
    {
        try
        {
            return _lines.TryAdd(line);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void Run()
    {
        foreach (var line in _lines.GetConsumingEnumerable())
        {
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                Put(_droppedLine(dropped));
            }

            Put(line);
        }
    }

    private void Put(string line)
    {
        try
        {
            _to.Write(Encoding.UTF8.GetBytes(line + "\n"));
            _to.Flush();
        }
        catch (IOException)
        {
            // Nobody reads standard error any more; there is nowhere left to say so.
            Interlocked.Increment(ref _dropped);
        }
    }
}
