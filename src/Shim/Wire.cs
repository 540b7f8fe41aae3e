using System.Buffers.Binary;
using System.Text;

namespace Supervisor.Shim;

/// <summary>Reads the specification: little-endian numbers, and bytes after their length. Bytes stay bytes, so that nothing is re-encoded.</summary>
ref struct WireReader(ReadOnlySpan<byte> rest)
{
    ReadOnlySpan<byte> _rest = rest;

    public int Int()
    {
        var value = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        _rest = _rest[4..];
        return value;
    }

    public long Long()
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Int();
        var value = _rest[..length];
        _rest = _rest[length..];
        return value;
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public string[] Texts()
    {
        var all = new string[Int()];
        for (var i = 0; i < all.Length; i++) all[i] = Text();
        return all;
    }
}
