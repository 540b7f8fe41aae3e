using System.Text;

namespace Supervisor.Actors.Outside;

/// <summary>How one git command ended. <paramref name="Truncated"/>: it wrote more than is kept.</summary>
public sealed record GitResult(string Command, int ExitCode, string Output, string Error, bool TimedOut, bool Truncated)
{
    public bool Ok => !TimedOut && ExitCode == 0;
    public string Line => Output.Trim();

    /// <summary>This result, or a story about why there is none.</summary>
    public GitResult OrThrow(string doing) => Ok ? this : throw new GitException(
        TimedOut ? $"{doing}: {Error}" : $"{doing}: git {Command} ended with {ExitCode}: {Tail(Error.Trim())}");

    private static string Tail(string text) => text.Length <= 600 ? text : "..." + text[^600..];
}

/// <summary>Git could not do what was asked; the message tells why, for a person.</summary>
public sealed class GitException(string message) : Exception(message);

/// <param name="Read">For commands that only look.</param>
/// <param name="Network">For one exchange with a remote, and for local writes.</param>
/// <param name="Long">For a clone, a checkout or a rebase of a large repository.</param>
public sealed record GitLimits(TimeSpan Read, TimeSpan Network, TimeSpan Long)
{
    public static readonly GitLimits Default = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(120), TimeSpan.FromMinutes(30));
}

/// <summary>Keeps the first (or the last) bytes of a stream and lets the rest go by, so that nobody blocks on a full pipe.</summary>
internal sealed class BoundedText(int limit, bool keepEnd) : IDisposable
{
    private readonly MemoryStream _kept = new();

    public bool Truncated { get; private set; }

    public async Task FillAsync(Stream from, CancellationToken cancel)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
        {
            Add(buffer.AsSpan(0, read));
        }
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (!keepEnd)
        {
            var room = Math.Min(bytes.Length, limit - (int)_kept.Length);
            _kept.Write(bytes[..room]);
            Truncated |= room < bytes.Length;
            return;
        }

        _kept.Write(bytes);
        if (_kept.Length > 2L * limit)
        {
            var end = _kept.ToArray()[^limit..];
            _kept.SetLength(0);
            _kept.Write(end);
            Truncated = true;
        }
    }

    public void Dispose() => _kept.Dispose();

    public override string ToString() => Encoding.UTF8.GetString(_kept.GetBuffer(), 0, (int)_kept.Length);
}
