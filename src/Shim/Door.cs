namespace Supervisor.Shim;

/// <summary>The socket in the run directory. Only our own user and root come in.</summary>
sealed unsafe class Door
{
    public const string Name = "shim.sock";
    const string NameAtFirst = "shim.sock.new";

    public int Fd { get; private set; } = -1;

    /// <summary>Makes it (again). Without it the shim works on; it is then commanded by its starter alone, and by signals.</summary>
    public void Open()
    {
        if (Fd >= 0) _ = Libc.close(Fd);
        _ = Libc.unlink(NameAtFirst);
        Fd = Libc.socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        var address = stackalloc byte[110];
        new Span<byte>(address, 110).Clear();
        *(ushort*)address = Libc.AF_UNIX;
        for (var i = 0; i < NameAtFirst.Length; i++) address[2 + i] = (byte)NameAtFirst[i];
        var mask = Libc.umask(0x7f); // 0600 from the start, not a moment later.
        // Renamed when it listens: whoever sees it can connect to it.
        var ok = Fd >= 0 && Libc.bind(Fd, address, 2 + NameAtFirst.Length + 1) == 0 && Libc.listen(Fd, 64) == 0 && Libc.rename(NameAtFirst, Name) == 0;
        if (!ok) Io.Report($"no socket: {ErrnoName.Of(Libc.Errno)}");
        _ = Libc.umask(mask);
        if (ok || Fd < 0) return;
        _ = Libc.close(Fd);
        Fd = -1;
    }

    public Client? Accept()
    {
        var fd = Libc.accept4(Fd, null, null, Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK);
        if (fd < 0) return null;
        Libc.Peer peer;
        var length = sizeof(Libc.Peer);
        if (Libc.getsockopt(fd, Libc.SOL_SOCKET, Libc.SO_PEERCRED, &peer, &length) == 0 && (peer.Uid == 0 || peer.Uid == Libc.geteuid()))
            return new Client(fd);
        _ = Libc.close(fd);
        return null;
    }
}
