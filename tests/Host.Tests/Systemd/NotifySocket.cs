using System.Net.Sockets;
using System.Text;

namespace Supervisor.Host.Tests.Systemd;

/// <summary>Stands in for systemd: receives what a service says to <c>NOTIFY_SOCKET</c>, one datagram each.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nfy-");
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly List<string> _received = [];

    public NotifySocket()
    {
        Path = System.IO.Path.Combine(_folder.FullName, "s");
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
    }

    public string Path { get; }

    /// <summary>Everything said so far, line by line.</summary>
    public IReadOnlyList<string> Received => _received;

    /// <summary>Reads on until <paramref name="line"/> has been said so often.</summary>
    public async Task UntilAsync(string line, int times, TimeSpan within, Func<string> story)
    {
        using var limit = new CancellationTokenSource(within);
        var buffer = new byte[4096];
        while (_received.Count(r => r == line) < times)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token);
                _received.AddRange(Encoding.UTF8.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not within {within.TotalSeconds:0.0} s: {times} x {line}; received: {string.Join(", ", _received)}\n{story()}");
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Delete(recursive: true);
    }
}
