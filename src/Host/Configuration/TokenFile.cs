namespace Supervisor.Host.Configuration;

/// <summary>The bearer token. Looked at when the daemon runs, not when its configuration is checked: the file may be on another machine.</summary>
public static class TokenFile
{
    private const int MaxBytes = 4096;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The token, or null and why it cannot be used.</summary>
    public static (string? Token, string? Error) Read(string path)
    {
        try
        {
            var bytes = Yaml.YamlSource.ReadBounded(path, MaxBytes);
            if ((new FileInfo(path).UnixFileMode & Others) != 0)
            {
                return (null, $"the token file {path} is open to others; chmod 600 {path}");
            }
            var token = System.Text.Encoding.UTF8.GetString(bytes).Trim();
            return bytes.Length > MaxBytes || token.Length == 0 || !token.All(c => c is > ' ' and < '\u007f')
                ? (null, $"the token file {path} must hold one line of printable ASCII without spaces")
                : (token, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"cannot read the token file {path}: {Yaml.YamlSource.Reason(path, e)}");
        }
    }

    /// <summary>A listener that others can reach does not start without a token.</summary>
    public static string? Demand(bool loopback, string? token) =>
        loopback || token is not null ? null : "http.listen is not a loopback address, so http.tokenFile is required";
}
