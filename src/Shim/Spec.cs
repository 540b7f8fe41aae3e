using System.Buffers.Binary;

namespace Supervisor.Shim;

/// <summary>What the daemon wants run. Arrives on standard input, so that nothing of it is ever in a file or in <c>ps</c>.</summary>
sealed class Spec
{
    public const int Magic = 0x4d494853; // "SHIM"
    public const int Version = 1;
    const int Largest = 64 << 20;

    public required string AgentId { get; init; }
    public required long Run { get; init; }
    public required long Epoch { get; init; }
    public required string AgentDirectory { get; init; }

    /// <summary>Cgroup directories that the agent joins.</summary>
    public required string[] Cgroups { get; init; }

    /// <summary><c>cgroup.kill</c> of a version 2 group; empty when there is none.</summary>
    public required string KillFile { get; init; }

    /// <summary>The file that counts <c>oom_kill</c>; empty when there is none.</summary>
    public required string OomFile { get; init; }
    public required bool KeepInputOpen { get; init; }
    public required byte[] Input { get; init; }

    /// <summary>Working directory, argv and environment, for the launcher alone.</summary>
    public required byte[] Launch { get; init; }

    /// <summary>For messages only.</summary>
    public (string Directory, string Program) Names()
    {
        var reader = new WireReader(Launch);
        var directory = reader.Text();
        return (directory, reader.Int() > 0 ? reader.Text() : "");
    }

    /// <summary>Null when the other end went away before it had said everything: then nothing was asked for.</summary>
    public static Spec? Read(int fd)
    {
        Span<byte> head = stackalloc byte[12];
        if (!Io.ReadFully(fd, head)) return null;
        if (BinaryPrimitives.ReadInt32LittleEndian(head) != Magic) throw new InvalidDataException("not a specification");
        var version = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        if (version != Version) throw new InvalidDataException($"specification version {version}; this shim speaks {Version}");
        var length = BinaryPrimitives.ReadInt32LittleEndian(head[8..]);
        if (length is < 0 or > Largest) throw new InvalidDataException($"specification of {length} bytes");
        var body = new byte[length];
        if (!Io.ReadFully(fd, body)) return null;
        var reader = new WireReader(body);
        return new Spec
        {
            AgentId = reader.Text(),
            Run = reader.Long(),
            Epoch = reader.Long(),
            AgentDirectory = reader.Text(),
            Cgroups = reader.Texts(),
            KillFile = reader.Text(),
            OomFile = reader.Text(),
            KeepInputOpen = reader.Int() != 0,
            Input = reader.Bytes().ToArray(),
            Launch = reader.Bytes().ToArray(),
        };
    }
}
