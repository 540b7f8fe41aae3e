using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Supervisor.Host.Logging;

/// <summary>The daemon's log: Akka's, ASP.NET's and our own lines in one form.</summary>
/// <param name="secrets">Replaced by *** wherever they appear.</param>
public sealed class StructuredLog(Stream to, LogFormat format, string node, TimeProvider clock, IReadOnlyList<string> secrets) : ILoggerProvider
{
    private readonly LineWriter _writer = new(to, dropped => LogLines.Write(
        new LogRecord(clock.GetUtcNow(), LogLevel.Warning, "log.dropped", $"{dropped.ToString(CultureInfo.InvariantCulture)} lines were dropped: nobody read them",
            node, [KeyValuePair.Create<string, object?>("count", dropped)], null), format));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => _writer.Dispose();

    private void Write(LogRecord record)
    {
        var line = LogLines.Write(record, format);
        foreach (var secret in secrets)
        {
            line = line.Replace(secret, "***", StringComparison.Ordinal);
        }

        _writer.Write(line);
    }

    private sealed class Logger(StructuredLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
            var named = values.FirstOrDefault(p => p.Key == LogFields.Event).Value as string;
            var source = values.FirstOrDefault(p => p.Key is "LogSource" or "AkkaLogSource").Value as string ?? category;
            log.Write(new LogRecord(log.Now, logLevel, named ?? LogFields.EventOf(source), LogFields.Message(formatter(state, exception), source), log.Node, LogFields.Of(values), exception));
        }
    }

    private DateTimeOffset Now => clock.GetUtcNow();
    private string Node => node;
}

public static class StructuredLogHosting
{
    /// <summary>Replaces every other log. ASP.NET speaks only from warnings up: its requests are not our events.</summary>
    public static ILoggingBuilder UseStructuredLog(this ILoggingBuilder logging, LogFormat format, string node, LogLevel level, IReadOnlyList<string> secrets)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        return logging.AddProvider(new StructuredLog(Console.OpenStandardError(), format, node, TimeProvider.System, secrets));
    }
}
