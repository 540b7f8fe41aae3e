using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Supervisor.Benchmarks.Measuring;

readonly record struct Stamp(string Agent, int Pid, long At);

/// <summary>What the agents say at birth, heard through a FIFO: the wait for a successor is a blocking read and no poll.</summary>
sealed class Stamps : IDisposable
{
    readonly Dictionary<string, Stamp> _latest = [];
    readonly object _gate = new();
    readonly SafeFileHandle _fifo;
    readonly Thread _reader;
    bool _closed;

    public Stamps(string folder)
    {
        Path = System.IO.Path.Combine(folder, "stamps");
        Native.MakeFifo(Path);
        _fifo = (SafeFileHandle)Native.OpenFifo(Path);
        _reader = new Thread(Read) { IsBackground = true, Name = "stamps" };
        _reader.Start();
    }

    public string Path { get; }

    public Stamp[] Latest
    {
        get
        {
            lock (_gate) return [.. _latest.Values];
        }
    }

    public Stamp Of(string agent)
    {
        lock (_gate) return _latest[agent];
    }

    /// <summary>Waits until so many agents have been born; how many it was in the end.</summary>
    public int WaitForAgents(int count, TimeSpan patience)
    {
        var until = Native.Now + (long)patience.TotalNanoseconds;
        lock (_gate)
        {
            while (_latest.Count < count && Left(until) is var left and > 0) Monitor.Wait(_gate, left);
            return _latest.Count;
        }
    }

    /// <summary>Null when no successor came in time.</summary>
    public Stamp? WaitForSuccessor(Stamp of, TimeSpan patience)
    {
        var until = Native.Now + (long)patience.TotalNanoseconds;
        lock (_gate)
        {
            while (_latest[of.Agent].Pid == of.Pid)
            {
                if (Left(until) is not (> 0 and var left)) return null;
                Monitor.Wait(_gate, left);
            }

            return _latest[of.Agent];
        }
    }

    public void Forget()
    {
        lock (_gate) _latest.Clear();
    }

    static int Left(long until) => (int)Math.Min(int.MaxValue, (until - Native.Now) / 1_000_000);

    void Read()
    {
        using var stream = new FileStream(_fifo, FileAccess.Read, bufferSize: 0);
        using var reader = new StreamReader(stream, Encoding.ASCII, false, 4096);
        while (!_closed && reader.ReadLine() is { } line)
        {
            // A1 4242 123456789
            var words = line.Split(' ');
            if (words.Length != 3) continue;
            var stamp = new Stamp(words[0], int.Parse(words[1], CultureInfo.InvariantCulture), long.Parse(words[2], CultureInfo.InvariantCulture));
            lock (_gate)
            {
                _latest[stamp.Agent] = stamp;
                Monitor.PulseAll(_gate);
            }
        }
    }

    public void Dispose()
    {
        _closed = true;
        // Wakes the reader, which closes the file.
        File.AppendAllText(Path, "\n");
        _reader.Join(TimeSpan.FromSeconds(2));
    }
}
