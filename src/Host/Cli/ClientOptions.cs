using System.CommandLine;
using Supervisor.Host.Configuration;

namespace Supervisor.Host.Cli;

/// <summary>The options that every client command has.</summary>
public sealed class ClientOptions
{
    public Option<string?> Url { get; } = new("--url") { Description = $"The daemon; else $SUPERVISOR_URL, else {ApiClient.DefaultUrl}.", Recursive = true, HelpName = "URL" };
    public Option<string?> TokenFilePath { get; } = new("--token-file") { Description = "A file of mode 0600 with the bearer token; else $SUPERVISOR_TOKEN.", Recursive = true, HelpName = "FILE" };
    public Option<bool> Json { get; } = new("--json") { Description = "One JSON document (JSON lines for streams), and nothing else on stdout.", Recursive = true };

    public ApiClient Connect(ParseResult result)
    {
        var url = result.GetValue(Url) ?? Variable("SUPERVISOR_URL") ?? ApiClient.DefaultUrl;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new CliException(ExitCodes.Usage, $"'{url}' is no http URL");
        }

        if (result.GetValue(TokenFilePath) is not { } file)
        {
            return new ApiClient(uri, Variable("SUPERVISOR_TOKEN"));
        }

        var (token, error) = TokenFile.Read(file);
        return error is null ? new ApiClient(uri, token) : throw new CliException(ExitCodes.Usage, error);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
