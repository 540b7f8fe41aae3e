using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Agents.Kinds;

/// <summary>What a kind needs to know to write a command line.</summary>
/// <param name="Prompt">The prompt's text, its placeholders already replaced; empty for kind command.</param>
/// <param name="Session">The session to resume; null: a fresh start.</param>
/// <param name="NewSession">A fresh UUID, for kinds that let the caller name the session.</param>
/// <param name="Model">The model to ask for; empty: the kind's own.</param>
public sealed record LaunchContext(AgentOptions Options, string Prompt, string? Session, Guid NewSession, string Model);

/// <param name="Arguments">Argv.</param>
/// <param name="Input">What goes to standard input at once.</param>
/// <param name="KeepInputOpen">Whether more may follow.</param>
/// <param name="Session">The session, when it is known before any output.</param>
public sealed record Launch(IReadOnlyList<string> Arguments, ReadOnlyMemory<byte> Input, bool KeepInputOpen, string? Session);

/// <summary>What one line of an agent's output means. Unknown lines mean <see cref="Activity"/> and nothing more.</summary>
public abstract record AgentReport
{
    private AgentReport() { }

    /// <summary>A sign of life: a line was understood or at least complete.</summary>
    public sealed record Activity(string What) : AgentReport;
    public sealed record SessionStarted(string Session, string? Model) : AgentReport;

    /// <summary>Totals so far, never deltas, and never less than the last. Tokens are disjoint; output holds reasoning.</summary>
    /// <param name="CostUsd">Null where the agent does not say, or says nothing one could believe: price the tokens.</param>
    /// <param name="Session">Null: totals of this process. Else totals of that session over all its processes: book the difference to its last value.</param>
    public sealed record Usage(TokenTotals Tokens, decimal? CostUsd, string? Session = null) : AgentReport;

    /// <summary>The agent says that it is done. <paramref name="Success"/> is false for every error, whatever its subtype says.</summary>
    public sealed record Result(bool Success, string Detail) : AgentReport;

    /// <summary>The provider asks to wait. <paramref name="Until"/> is null when it does not say how long.</summary>
    public sealed record RateLimited(DateTimeOffset? Until, string Detail) : AgentReport;
    public sealed record Error(string Class, string Detail) : AgentReport;
}

public sealed record TokenTotals(long InputUncached, long CacheRead, long CacheWrite5m, long CacheWrite1h, long Output)
{
    public static readonly TokenTotals Zero = new(0, 0, 0, 0, 0);

    public static TokenTotals operator +(TokenTotals a, TokenTotals b) => new(
        a.InputUncached + b.InputUncached, a.CacheRead + b.CacheRead, a.CacheWrite5m + b.CacheWrite5m, a.CacheWrite1h + b.CacheWrite1h, a.Output + b.Output);

    public static TokenTotals operator -(TokenTotals a, TokenTotals b) => new(
        a.InputUncached - b.InputUncached, a.CacheRead - b.CacheRead, a.CacheWrite5m - b.CacheWrite5m, a.CacheWrite1h - b.CacheWrite1h, a.Output - b.Output);

    /// <summary>The larger of each: a later, smaller word about the same tokens takes none of them back.</summary>
    public static TokenTotals Max(TokenTotals a, TokenTotals b) => new(
        Math.Max(a.InputUncached, b.InputUncached), Math.Max(a.CacheRead, b.CacheRead), Math.Max(a.CacheWrite5m, b.CacheWrite5m),
        Math.Max(a.CacheWrite1h, b.CacheWrite1h), Math.Max(a.Output, b.Output));
}

/// <summary>
/// Reads one run's stdout, line by line, without I/O or clock. Holds what it must remember to turn lines into totals.
/// Never throws, whatever the line holds; every line that is not blank gives at least one report.
/// </summary>
public interface IStreamReader
{
    /// <param name="line">One whole line without its newline; may be malformed.</param>
    /// <param name="now">For deadlines given as durations.</param>
    IReadOnlyList<AgentReport> Read(ReadOnlySpan<byte> line, DateTimeOffset now);
}

public interface IAgentKind
{
    AgentKind Kind { get; }
    bool CanResume { get; }
    Launch Launch(LaunchContext context);

    /// <param name="session">The session that the run resumes; null: a fresh start.</param>
    IStreamReader CreateReader(string? session = null);

    /// <summary>The bytes that put a message into the running session; null where the kind has no way.</summary>
    ReadOnlyMemory<byte>? Message(string text);

    /// <summary>
    /// The file that grows while the session works, by the agent's own environment; null: none known. A <c>*</c> in it stands for any
    /// part of one path segment, where the kind puts a date or a hash of its own there: the newest match counts.
    /// </summary>
    string? SessionFile(string session, string workingDirectory, IReadOnlyDictionary<string, string> environment);
}
