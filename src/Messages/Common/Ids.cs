namespace Supervisor.Messages;

/// <summary>Marks every message that may cross a node boundary or reach the journal. Each has a manifest and a golden file.</summary>
public interface IWireMessage;

/// <summary>A configured worker, <c>A1</c>: letters, digits, dot, underscore, hyphen; at most 63.</summary>
public readonly record struct AgentId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A configured repository, <c>app</c>.</summary>
public readonly record struct RepositoryId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A number of bytes; written in configuration as <c>64KiB</c>, <c>10MiB</c>, <c>5GiB</c>.</summary>
public readonly record struct ByteSize(long Bytes)
{
    public override string ToString() => Bytes switch
    {
        >= 1L << 30 when Bytes % (1L << 30) == 0 => $"{Bytes >> 30}GiB",
        >= 1L << 20 when Bytes % (1L << 20) == 0 => $"{Bytes >> 20}MiB",
        >= 1L << 10 when Bytes % (1L << 10) == 0 => $"{Bytes >> 10}KiB",
        _ => $"{Bytes}B",
    };
}
