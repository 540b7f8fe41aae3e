namespace Supervisor.Messages;

/// <summary>Patterns that several options share, each with its words for a person.</summary>
public static class Addresses
{
    public const string Web = @"^https?://[^\s/@?#]+(/[^\s?#]*)?$";
    public const string WebHint = "http:// or https://, without credentials, query or fragment";

    public const string Variable = "^[A-Za-z_][A-Za-z0-9_]*$";
    public const string VariableHint = "the name of an environment variable";

    public const string Region = "^[a-z0-9-]{1,63}$";
    public const string RegionHint = "a region such as us-west-2";
}
