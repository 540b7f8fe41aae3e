using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Supervisor.Actors.Outside;

/// <summary>Where a run's processes are kept together, as far as the machine offers it.</summary>
public sealed record ShimCgroups(IReadOnlyList<string> Directories, string KillFile, string OomFile)
{
    public static ShimCgroups None { get; } = new([], "", "");
}

/// <summary>Writes the specification in the form that the shim reads: see docs/shim.md.</summary>
public static class ShimWire
{
    const int Magic = 0x4d494853, Version = 1;

    public static byte[] Specification(ShimSpec spec, ShimCgroups cgroups)
    {
        var launch = new Writer().Text(spec.WorkingDirectory).Texts(spec.Arguments)
            .Texts([.. spec.Environment.Select(variable => $"{variable.Key}={variable.Value}")]).ToArray();
        var body = new Writer().Text(spec.AgentId).Long(spec.Run).Long(spec.Epoch).Text(spec.AgentDirectory)
            .Texts(cgroups.Directories).Text(cgroups.KillFile).Text(cgroups.OomFile)
            .Int(spec.KeepInputOpen ? 1 : 0).Bytes(spec.Input.Span).Bytes(launch).ToArray();
        return [.. new Writer().Int(Magic).Int(Version).Bytes(body).ToArray()];
    }

    sealed class Writer
    {
        readonly ArrayBufferWriter<byte> _all = new();

        public Writer Int(int value)
        {
            Span<byte> word = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(word, value);
            _all.Write(word);
            return this;
        }

        public Writer Long(long value)
        {
            Span<byte> word = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(word, value);
            _all.Write(word);
            return this;
        }

        public Writer Bytes(ReadOnlySpan<byte> bytes)
        {
            Int(bytes.Length);
            _all.Write(bytes);
            return this;
        }

        public Writer Text(string text) =>
            text.Contains('\0', StringComparison.Ordinal) ? throw new ArgumentException("a zero byte cannot be in an argument, a variable or a path") : Bytes(Encoding.UTF8.GetBytes(text));

        public Writer Texts(IReadOnlyCollection<string> texts)
        {
            Int(texts.Count);
            foreach (var text in texts) Text(text);
            return this;
        }

        public byte[] ToArray() => _all.WrittenSpan.ToArray();
    }
}
