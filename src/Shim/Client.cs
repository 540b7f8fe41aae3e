using System.Text;

namespace Supervisor.Shim;

/// <summary>One connection. Lines come in, lines go out; one that does not read its lines is dropped, never waited for.</summary>
sealed class Client(int fd)
{
    const int OutputInterval = 100, LongestLine = 4096, LargestInput = 16 << 20;
    readonly List<byte> _line = [];
    byte[]? _input;
    int _received;

    public int Fd { get; private set; } = fd;
    public bool Gone => Fd < 0;
    public long NextOutput { get; private set; }
    public (long, long) OutputTold { get; private set; }

    public void TellOutput(long stdout, long stderr)
    {
        (OutputTold, NextOutput) = ((stdout, stderr), Clock.Now + OutputInterval);
        Send(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"output {stdout} {stderr}"));
    }

    public unsafe void Send(string line)
    {
        if (Gone) return;
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        fixed (byte* p = bytes)
            if (Libc.send(Fd, p, bytes.Length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL) != bytes.Length) Drop();
    }

    public void Drop()
    {
        if (Fd >= 0) _ = Libc.close(Fd);
        Fd = -1;
    }

    /// <summary>Reads what is there and hands over each complete command, with the bytes that follow <c>input</c>.</summary>
    public void Receive(Action<Client, string, byte[]> command)
    {
        if (Gone) return;
        Span<byte> buffer = stackalloc byte[4096];
        var n = Io.Read(Fd, buffer);
        if (n < 0 && Libc.Errno is Libc.EAGAIN or Libc.EINTR) return;
        if (n <= 0)
        {
            Drop();
            return;
        }
        for (var rest = buffer[..n]; rest.Length > 0 && !Gone;)
            rest = _input is null ? TakeLine(rest, command) : TakeInput(rest, command);
    }

    Span<byte> TakeLine(Span<byte> rest, Action<Client, string, byte[]> command)
    {
        var end = rest.IndexOf((byte)'\n');
        _line.AddRange(end < 0 ? rest : rest[..end]);
        if (_line.Count > LongestLine)
        {
            Drop();
            return [];
        }
        if (end < 0) return [];
        var line = Encoding.UTF8.GetString([.. _line]);
        _line.Clear();
        if (!line.StartsWith("input ", StringComparison.Ordinal)) command(this, line, []);
        else if (!int.TryParse(line.AsSpan(6), out var length) || length is < 0 or > LargestInput) Drop(); // Its bytes could not be told from commands.
        else if (length == 0) command(this, "input", []);
        else (_input, _received) = (new byte[length], 0);
        return rest[(end + 1)..];
    }

    Span<byte> TakeInput(Span<byte> rest, Action<Client, string, byte[]> command)
    {
        var taken = Math.Min(rest.Length, _input!.Length - _received);
        rest[..taken].CopyTo(_input.AsSpan(_received));
        _received += taken;
        if (_received == _input.Length)
        {
            var input = _input;
            _input = null;
            command(this, "input", input);
        }
        return rest[taken..];
    }
}
