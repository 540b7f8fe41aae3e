using System.Buffers;

namespace Supervisor.Actors.Common;

/// <summary>Cuts a stream of bytes into lines. A line over the limit is cut off there and the rest of it skipped: memory stays bounded.</summary>
public sealed class LineBuffer(int limit = 4 << 20)
{
    public delegate void OnLine(ReadOnlySpan<byte> line);

    private readonly ArrayBufferWriter<byte> _partial = new();
    private bool _skipping;

    public void Append(ReadOnlySpan<byte> bytes, OnLine onLine)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            var piece = bytes[..end];
            bytes = bytes[(end + 1)..];
            if (_skipping)
            {
                _skipping = false;
            }
            else if (_partial.WrittenCount == 0)
            {
                onLine(Cut(piece));
            }
            else
            {
                _partial.Write(piece);
                onLine(Cut(_partial.WrittenSpan));
            }

            _partial.ResetWrittenCount();
        }

        if (_skipping) return;
        _partial.Write(bytes);
        if (_partial.WrittenCount <= limit) return;
        onLine(Cut(_partial.WrittenSpan));
        _partial.ResetWrittenCount();
        _skipping = true;
    }

    private ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> line) => line.Length <= limit ? line : line[..limit];
}
