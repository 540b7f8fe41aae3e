using Microsoft.Extensions.Logging;

namespace Supervisor.Host.Logging;

/// <summary>How the daemon's own log is written: one line each, on standard error.</summary>
public enum LogFormat { Json, Text }

/// <summary>One line of the daemon's log, before it is text.</summary>
/// <param name="Event">A stable dotted name: what rules and alerts on the log match.</param>
/// <param name="Fields">Named values, names as they are written.</param>
public sealed record LogRecord(
    DateTimeOffset At, LogLevel Level, string Event, string Message, string Node,
    IReadOnlyList<KeyValuePair<string, object?>> Fields, Exception? Exception);
