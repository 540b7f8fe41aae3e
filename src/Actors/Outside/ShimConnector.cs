using System.Globalization;
using System.Net.Sockets;
using Supervisor.Actors.Outside.Native;

namespace Supervisor.Actors.Outside;

/// <summary>Reaches a living shim through the socket in its run directory, however long the directory's name is.</summary>
static class ShimConnector
{
    static readonly TimeSpan ConnectTime = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan ReopenTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Null when nobody answers. A shim whose socket was removed is asked to make another.</summary>
    public static async Task<Socket?> ConnectAsync(string runDirectory, ProcessIdentity shim, CancellationToken cancel)
    {
        if (await TryAsync(runDirectory, shim, cancel) is { } socket) return socket;
        const int reopen = 10; // SIGUSR1
        using var made = new FileSystemWatcher(runDirectory, "shim.sock");
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        made.Created += (_, _) => seen.TrySetResult();
        made.Renamed += (_, _) => seen.TrySetResult();
        made.EnableRaisingEvents = true;
        if (!Signal(shim, reopen)) return null;
        await Task.WhenAny(seen.Task, Task.Delay(ReopenTime, cancel));
        return await TryAsync(runDirectory, shim, cancel);
    }

    /// <summary>Never reaches another process than the one meant.</summary>
    public static bool Signal(ProcessIdentity process, int signal)
    {
        var pidfd = PidCalls.Open(process.Pid);
        if (pidfd < 0) return false;
        try
        {
            return ProcessTable.IsAlive(process) && PidCalls.Signal(pidfd, signal);
        }
        finally
        {
            _ = SpawnCalls.close(pidfd);
        }
    }

    static async Task<Socket?> TryAsync(string runDirectory, ProcessIdentity shim, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ConnectTime);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // An address holds 108 bytes; a descriptor makes any directory short.
            using var directory = DirectoryHandle.Open(runDirectory);
            var path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory.DangerousGetHandle()}/shim.sock");
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token);
            // A refused second shim shares the first one's directory, and so its socket: who listens there must be the one meant.
            if (Listener(socket) == shim.Pid) return socket;
            socket.Dispose();
            return null;
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            socket.Dispose();
            return null;
        }
    }

    static int Listener(Socket socket)
    {
        const int socketLevel = 1, peerCredentials = 17; // SOL_SOCKET, SO_PEERCRED: struct ucred { pid, uid, gid }
        Span<byte> credentials = stackalloc byte[12];
        return socket.GetRawSocketOption(socketLevel, peerCredentials, credentials) >= 4 ? BitConverter.ToInt32(credentials) : 0;
    }
}
