namespace Supervisor.Host.Cli;

/// <summary>Passes text on without what commands a terminal: escape sequences and control characters other than newline and tab.</summary>
public sealed class PlainTextStream(Stream to) : Stream
{
    private enum State { Text, Escape, Sequence, String, StringEscape }

    private const byte Esc = 0x1b;
    private State _state;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var plain = new byte[buffer.Length];
        var length = 0;
        foreach (var b in buffer)
        {
            if (_state == State.Text && (b >= 0x20 && b != 0x7f || b is (byte)'\n' or (byte)'\t'))
            {
                plain[length++] = b;
            }

            _state = Next(b);
        }

        to.Write(plain, 0, length);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush() => to.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // ESC [ ... letter is a sequence; ESC ] or P ... up to BEL or ESC \ is a string; ESC and anything else is short.
    private State Next(byte b) => _state switch
    {
        State.Text => b == Esc ? State.Escape : State.Text,
        State.Escape => b switch { (byte)'[' => State.Sequence, (byte)']' or (byte)'P' => State.String, >= 0x20 and <= 0x2f => State.Escape, _ => State.Text },
        State.Sequence => b is >= 0x40 and <= 0x7e or (byte)'\n' ? State.Text : State.Sequence,
        State.String => b switch { 0x07 or (byte)'\n' => State.Text, Esc => State.StringEscape, _ => State.String },
        _ => State.Text,
    };
}
