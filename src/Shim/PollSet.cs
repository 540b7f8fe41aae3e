namespace Supervisor.Shim;

/// <summary>The descriptors of one turn of the loop, and what to do with each.</summary>
sealed unsafe class PollSet
{
    Libc.PollFd[] _fds = new Libc.PollFd[16];
    Action[] _then = new Action[16];
    int _count;

    public void Clear() => _count = 0;

    public void Add(int fd, short events, Action then)
    {
        if (fd < 0) return;
        if (_count == _fds.Length)
        {
            Array.Resize(ref _fds, _count * 2);
            Array.Resize(ref _then, _count * 2);
        }
        _fds[_count] = new Libc.PollFd { Fd = fd, Events = events };
        _then[_count++] = then;
    }

    /// <summary>Waits, then does each that is ready, in the order in which they were added.</summary>
    public void Wait(int timeout)
    {
        fixed (Libc.PollFd* p = _fds)
            if (Libc.poll(p, (nuint)_count, timeout) <= 0) return;
        for (var i = 0; i < _count; i++)
            if (_fds[i].Returned != 0) _then[i]();
    }
}
