using System.Text;

namespace Supervisor.Host.Configuration.Yaml;

/// <summary>Bytes of a configuration file to text that is fit to parse: bounded, UTF-8, without control characters.</summary>
internal static class YamlSource
{
    public const int MaxBytes = 1 << 20;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <exception cref="YamlFault">The file is missing, unreadable, too large, or not text.</exception>
    public static string Read(string file)
    {
        byte[] bytes;
        try
        {
            bytes = ReadBounded(file, MaxBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new YamlFault(new(file, 1, 1), $"cannot read the file: {Reason(file, e)}");
        }
        if (bytes.Length > MaxBytes)
        {
            throw new YamlFault(new(file, 1, 1), "the file is larger than 1MiB; split it and name the parts under 'include'");
        }
        return Decode(file, bytes);
    }

    /// <summary>At most one byte more than <paramref name="limit"/>, so that devices and growing files end too.</summary>
    public static byte[] ReadBounded(string file, int limit)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[limit + 1];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return buffer[..length];
    }

    public static string Reason(string file, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException when Directory.Exists(file) => "it is a folder",
        UnauthorizedAccessException => "permission denied",
        _ => e.Message,
    };

    public static string Decode(string file, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }
        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var before = Encoding.UTF8.GetString(bytes[..Math.Clamp(e.Index, 0, bytes.Length)]);
            throw new YamlFault(End(file, before), "the file is not UTF-8; save it as UTF-8");
        }
        var bad = text.AsSpan().IndexOfAny(Forbidden);
        return bad < 0
            ? text
            : throw new YamlFault(End(file, text[..bad]), $"control character U+{(int)text[bad]:X4}; remove it, or write it as an escape in double quotes");
    }

    private static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r' or '\u0085'))]);

    private static Position End(string file, string before)
    {
        var start = before.LastIndexOf('\n') + 1;
        return new(file, before.AsSpan().Count('\n') + 1, before.Length - start + 1);
    }
}
