using System.Runtime.InteropServices;

namespace Supervisor.Shim;

/// <summary>A null-terminated array of null-terminated strings, as execve wants argv and the environment. Outside the heap: it must not move.</summary>
sealed unsafe class NativeStrings : IDisposable
{
    readonly byte* _text;

    public byte** Pointer { get; }

    /// <summary>From strings that each end in a zero byte, as <c>/proc</c> gives them.</summary>
    public NativeStrings(ReadOnlySpan<byte> joined)
    {
        _text = (byte*)NativeMemory.Alloc((nuint)joined.Length + 1);
        joined.CopyTo(new Span<byte>(_text, joined.Length));
        _text[joined.Length] = 0;
        var count = joined.Count((byte)0);
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)count + 1, (nuint)sizeof(byte*));
        var at = _text;
        for (var i = 0; i < count; i++)
        {
            Pointer[i] = at;
            while (*at++ != 0) { }
        }
    }

    /// <summary>From a list in the specification.</summary>
    public static NativeStrings From(ref WireReader reader)
    {
        var joined = new List<byte>();
        for (var left = reader.Int(); left > 0; left--)
        {
            joined.AddRange(reader.Bytes());
            joined.Add(0);
        }
        return new NativeStrings(CollectionsMarshal.AsSpan(joined));
    }

    public void Dispose()
    {
        NativeMemory.Free(_text);
        NativeMemory.Free(Pointer);
    }
}
