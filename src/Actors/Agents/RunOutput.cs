using Supervisor.Actors.Agents.Kinds;
using Supervisor.Actors.Common;
using Supervisor.Actors.Outside;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Agents;

/// <summary>Follows one run's stdout file as it grows and turns it into reports. Reads a bounded piece at a time.</summary>
public sealed class RunOutput(IRunFiles files, AgentId agent, long run, IAgentKind? kind, string? session, bool adopted)
{
    public sealed record ReadMore;

    public sealed record SpeakAgain;

    private const int Piece = 64 * 1024;
    private const int PiecesAtOnce = 16;

    /// <summary>How much of an adopted run's past is read again; the record already has what came before.</summary>
    private const long Tail = 1 << 20;
    private static readonly TimeSpan SpeakEvery = TimeSpan.FromSeconds(2);

    // An agent of kind command prints for people: its bytes count as life, its words mean nothing to us.
    private readonly IStreamReader? _reader = kind is null or { Kind: AgentKind.Command } ? null : kind.CreateReader(session);
    private readonly LineBuffer _lines = new();
    private byte[]? _buffer;
    private long _offset = -1;
    private DateTimeOffset? _spoke;

    public long StdoutBytes { get; private set; }
    public long StderrBytes { get; private set; }
    public long ParsedEvents { get; private set; }
    public bool AllRead => _reader is null || _offset >= StdoutBytes || StdoutBytes == 0;

    public void Written(long stdout, long stderr) => (StdoutBytes, StderrBytes) = (Math.Max(stdout, StdoutBytes), Math.Max(stderr, StderrBytes));

    /// <returns>Whether there is more to read.</returns>
    public bool Read(DateTimeOffset now, out IReadOnlyList<AgentReport> reports)
    {
        var result = new List<AgentReport>();
        reports = result;
        if (_reader is null) return false;
        if (_offset < 0) _offset = adopted ? Math.Max(0, StdoutBytes - Tail) : 0;
        _buffer ??= new byte[Piece];
        for (var i = 0; i < PiecesAtOnce && _offset < StdoutBytes; i++)
        {
            var read = files.ReadOutput(agent, run, _offset, _buffer);
            if (read == 0)
            {
                // Rotated or cut off under us: what is gone cannot be parsed, and the count goes on.
                _offset = StdoutBytes;
                break;
            }

            _offset += read;
            _lines.Append(_buffer.AsSpan(0, read), line =>
            {
                foreach (var report in _reader.Read(line, now))
                {
                    ParsedEvents++;
                    if (report is not AgentReport.Activity) result.Add(report);
                }
            });
        }

        return _offset < StdoutBytes;
    }

    /// <summary>Null: say now that the agent spoke; else how long to wait before saying it.</summary>
    public TimeSpan? Spoke(DateTimeOffset now)
    {
        if (_spoke is { } last && now - last < SpeakEvery) return SpeakEvery - (now - last);
        _spoke = now;
        return null;
    }
}
