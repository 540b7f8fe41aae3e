namespace Supervisor.Shim;

/// <summary>What waits to be read by the agent from its standard input. Never blocks the shim.</summary>
sealed class AgentInput(int pipe, byte[] first, bool keepOpen)
{
    const int Most = 16 << 20;
    readonly Queue<byte[]> _waiting = new(first.Length > 0 ? [first] : []);
    int _offset;
    long _bytes = first.Length;
    bool _closing = !keepOpen;

    public int Pipe { get; private set; } = pipe;
    public bool Waiting => Pipe >= 0 && _waiting.Count > 0;

    /// <summary><c>ok</c>, <c>closed</c>, or <c>full</c> when the agent has not read for long.</summary>
    public string Add(byte[] bytes)
    {
        if (Pipe < 0 || _closing) return "closed";
        if (_bytes + bytes.Length > Most) return "full";
        if (bytes.Length > 0) _waiting.Enqueue(bytes);
        _bytes += bytes.Length;
        Flush();
        return Pipe < 0 ? "closed" : "ok";
    }

    public void Close()
    {
        _closing = true;
        Flush();
    }

    public void Flush()
    {
        while (Waiting)
        {
            var bytes = _waiting.Peek();
            var n = Io.Write(Pipe, bytes.AsSpan(_offset));
            if (n < 0 && Libc.Errno is Libc.EAGAIN or Libc.EINTR) return;
            if (n < 0)
            {
                Shut();
                return;
            }
            _offset += n;
            if (_offset < bytes.Length) continue;
            _bytes -= bytes.Length;
            _offset = 0;
            _ = _waiting.Dequeue();
        }
        if (_closing) Shut();
    }

    public void Shut()
    {
        if (Pipe >= 0) _ = Libc.close(Pipe);
        Pipe = -1;
        _waiting.Clear();
    }
}
