using System.Threading.Channels;
using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Tests.Agents;

/// <summary>Shims without processes: the test says what happens to them. Told of every call in order.</summary>
internal sealed class FakeShims(Action<object> told) : IShims
{
    public ShimFacilities Facilities => new(ShimForm.Native, false, false, false);

    /// <summary>What is found of a run; throws where the test wants a failure.</summary>
    public Func<ShimFinding> Found { get; set; } = () => new ShimFinding.NeverStarted();
    public FakeShim Shim { get; set; } = new(told);

    public Task<IShim> StartAsync(ShimSpec spec, CancellationToken cancel)
    {
        told(spec);
        return Task.FromResult<IShim>(Shim);
    }

    public async Task<ShimFinding> FindAsync(string agentDirectory, string runDirectory, CancellationToken cancel)
    {
        told("find");
        await Task.Yield();
        return Found();
    }
}

internal sealed class FakeShim(Action<object> told) : IShim
{
    private readonly Channel<ShimEvent> _events = Channel.CreateUnbounded<ShimEvent>();

    public ProcessIdentity Shim { get; } = new(41, 1, "boot");
    public ChannelReader<ShimEvent> Events => _events.Reader;

    public void Say(ShimEvent e) => _events.Writer.TryWrite(e);

    public void Break(Exception reason) => _events.Writer.TryComplete(reason);

    public ValueTask StopAsync(int signal, TimeSpan grace, TimeSpan kill, CancellationToken cancel)
    {
        told($"signal {signal}");
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancel)
    {
        told("input");
        return ValueTask.FromResult(true);
    }

    public ValueTask CloseInputAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>One run's files in memory.</summary>
internal sealed class FakeRunFiles : IRunFiles
{
    private readonly HashSet<(string, long)> _intents = [];
    private readonly Lock _gate = new();

    public byte[] Stdout { get; set; } = [];
    public IReadOnlyList<Messages.AgentId> Left { get; set; } = [];

    public string AgentDirectory(Messages.AgentId agent) => $"/state/agents/{agent}";
    public string RunDirectory(Messages.AgentId agent, long run) => $"/state/agents/{agent}/runs/{run}";

    public bool Create(RunIntent intent)
    {
        lock (_gate) return _intents.Add((intent.AgentId, intent.Run));
    }

    public int ReadOutput(Messages.AgentId agent, long run, long offset, Span<byte> buffer)
    {
        var piece = Stdout.AsSpan((int)Math.Min(offset, Stdout.Length));
        piece = piece[..Math.Min(piece.Length, buffer.Length)];
        piece.CopyTo(buffer);
        return piece.Length;
    }

    public string? Head(string gitDirectory) => null;

    public long? Size(string path) => null;
    public void Prune(Messages.AgentId agent, int keep) { }
    public IReadOnlyList<Messages.AgentId> Unfinished() => Left;
}

internal sealed class FakeProcesses : IProcessTable
{
    public bool? IsAlive(ProcessIdentity identity) => true;
    public TreeLook? Look(ProcessIdentity shim, ProcessIdentity agent) => new(1, 0, "");
}
