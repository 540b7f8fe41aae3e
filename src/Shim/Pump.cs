namespace Supervisor.Shim;

/// <summary>
/// One output stream of the agent, raw and complete, from its pipe to its file. When the file takes no more (the disk is full), the
/// rest stays in the pipe and the agent waits: nothing is lost, nothing is parsed.
/// </summary>
sealed class Pump(string path, int pipe)
{
    const int Private = 0x180; // 0600
    static readonly byte[] Buffer = new byte[64 * 1024];
    byte[] _unwritten = [];
    int _file = -1;

    /// <summary>-1 once it has ended.</summary>
    public int Pipe { get; private set; } = pipe;
    public long Total { get; private set; }
    public bool Blocked => _unwritten.Length > 0;
    public bool Ended => Pipe < 0 && !Blocked;

    public int Open()
    {
        _file = Libc.open(path, Libc.O_WRONLY | Libc.O_APPEND | Libc.O_CREAT | Libc.O_CLOEXEC, Private);
        return _file < 0 ? Libc.Errno : 0;
    }

    /// <summary>Moves one buffer; false when there was nothing to move.</summary>
    public bool Move()
    {
        if (Blocked && !Retry()) return false;
        if (Pipe < 0) return false;
        var n = Io.Read(Pipe, Buffer);
        if (n < 0 && Libc.Errno is Libc.EAGAIN or Libc.EINTR) return false;
        if (n <= 0)
        {
            Close();
            return false;
        }
        Save(Buffer.AsSpan(0, n));
        return true;
    }

    /// <summary>What lay in the pipe at this moment; later writers do not prolong it.</summary>
    public void MoveWaiting()
    {
        if (Pipe < 0) return;
        for (long waiting = Io.BytesWaiting(Pipe); waiting > 0;)
        {
            var before = Total;
            if (!Move() || Blocked) return;
            waiting -= Total - before;
        }
    }

    public void Close()
    {
        if (Pipe >= 0) _ = Libc.close(Pipe);
        Pipe = -1;
    }

    public bool Sync() => _file < 0 || Libc.fsync(_file) == 0;

    bool Retry()
    {
        var rest = _unwritten;
        _unwritten = [];
        Save(rest);
        return !Blocked;
    }

    void Save(ReadOnlySpan<byte> bytes)
    {
        // The path is looked at each time: a log that was moved or removed must not swallow what comes after.
        if (_file >= 0 && !Io.IsSameFile(_file, path)) Reopen();
        while (bytes.Length > 0)
        {
            var n = Io.Write(_file, bytes);
            if (n < 0 && Libc.Errno == Libc.EINTR) continue;
            if (n < 0)
            {
                _unwritten = bytes.ToArray();
                return;
            }
            Total += n;
            bytes = bytes[n..];
        }
    }

    void Reopen()
    {
        var old = _file;
        // Where a new file cannot be made, the old one still keeps every byte.
        if (Open() != 0) _file = old;
        else _ = Libc.close(old);
    }
}
