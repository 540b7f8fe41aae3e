using System.Globalization;
using System.Net;

namespace Supervisor.Host.Configuration;

/// <summary>host:port as a listener takes it; port 0: any free one.</summary>
public sealed record ListenAddress(string Host, int Port)
{
    public bool IsLoopback => Loopback(Host);

    public static ListenAddress? TryParse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
        {
            return null;
        }
        var host = text[..colon];
        if (host[0] == '[')
        {
            return host[^1] == ']' && IPAddress.TryParse(host[1..^1], out _) ? new(host[1..^1], port) : null;
        }
        return host == "*" || host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? new(host, port) : null;
    }

    /// <summary>A name other than localhost may resolve to anything, so it is none.</summary>
    public static bool Loopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
