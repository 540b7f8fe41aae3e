using System.Security.Cryptography;
using System.Text;

namespace Supervisor.Host.Endpoints;

/// <param name="Status">What the request is refused with.</param>
public sealed record Refusal(int Status, string Reason);

/// <summary>What of a request decides whether it may pass.</summary>
public sealed record Knock(string Method, string Scheme, HostString Host, int LocalPort, string? Origin, string? Authorization, long? ContentLength);

/// <summary>Which requests pass: decided before anything of them is carried out.</summary>
public static class Guard
{
    public const long MaxBody = 1 << 20;

    public static Refusal? Judge(Knock knock, EdgeOptions options)
    {
        if (options.Loopback && !IsOurs(knock.Host, knock.LocalPort))
        {
            // A page whose name was rebound to 127.0.0.1 still says its own name here.
            return new Refusal(StatusCodes.Status403Forbidden, $"the Host '{knock.Host}' is not this listener");
        }

        if (options.Token is { } token && !IsToken(knock.Authorization, token))
        {
            return new Refusal(StatusCodes.Status401Unauthorized, "a bearer token is required");
        }

        if (!options.Loopback && options.Token is null)
        {
            return new Refusal(StatusCodes.Status401Unauthorized, "no token is configured, and the listener is not on loopback");
        }

        if (!IsWrite(knock.Method))
        {
            return null;
        }

        if (options.ReadOnly)
        {
            return new Refusal(StatusCodes.Status405MethodNotAllowed, "this listener is read-only");
        }

        if (knock.Origin is { } origin && !string.Equals(origin, $"{knock.Scheme}://{knock.Host}", StringComparison.OrdinalIgnoreCase))
        {
            return new Refusal(StatusCodes.Status403Forbidden, $"the Origin '{origin}' is not this listener");
        }

        return knock.ContentLength > MaxBody
            ? new Refusal(StatusCodes.Status413PayloadTooLarge, $"a body may have {MaxBody} bytes")
            : null;
    }

    public static bool IsWrite(string method) => !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method));

    private static bool IsOurs(HostString host, int localPort) =>
        host.Host.ToLowerInvariant() is "localhost" or "127.0.0.1" or "[::1]" && (host.Port ?? 80) == localPort;

    private static bool IsToken(string? authorization, string token)
    {
        const string Scheme = "Bearer ";
        return authorization is not null
            && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Digest(authorization[Scheme.Length..].Trim()), Digest(token));
    }

    // Equal lengths, so that not even the token's length shows in the time taken.
    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
