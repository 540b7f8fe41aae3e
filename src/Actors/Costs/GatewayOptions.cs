using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Supervisor.Messages;

namespace Supervisor.Actors.Costs;

/// <summary>sigv4: signed with AWS credentials; bearer: the token in AWS_BEARER_TOKEN_BEDROCK.</summary>
public enum BedrockAuth { Sigv4, Bearer }

public sealed record GatewayOptions
{
    public const string Off = "off";

    [Required, Description("host:port. \"off\" disables it; agents then keep their own credentials and are metered from their output.")]
    public string Listen { get; init; } = "127.0.0.1:8787";

    [Description("Where model calls go.")]
    public UpstreamOptions Upstreams { get; init; } = new();

    [Range(typeof(TimeSpan), "00:00:00", "01:00:00"), Description("How long a call may wait for other calls' reservations.")]
    public TimeSpan Queue { get; init; } = TimeSpan.FromSeconds(60);

    [FilePath, Description("A file in LiteLLM's format laid over the built-in price table.")]
    public string Prices { get; init; } = "";
}

public sealed record UpstreamOptions
{
    [Description("The Anthropic API.")]
    public AnthropicUpstream Anthropic { get; init; } = new();

    [Description("Amazon Bedrock.")]
    public BedrockUpstream Bedrock { get; init; } = new();

    [Description("The OpenAI API.")]
    public OpenaiUpstream Openai { get; init; } = new();
}

public sealed record AnthropicUpstream
{
    [Required, RegularExpression(Addresses.Web, ErrorMessage = Addresses.WebHint), Description("Address of the API.")]
    public string BaseUrl { get; init; } = "https://api.anthropic.com";

    [Required, RegularExpression(Addresses.Variable, ErrorMessage = Addresses.VariableHint), Description("The daemon's environment variable that holds the key.")]
    public string KeyEnv { get; init; } = "ANTHROPIC_API_KEY";
}

public sealed record BedrockUpstream
{
    [Required, RegularExpression(Addresses.Region, ErrorMessage = Addresses.RegionHint), Description("AWS region.")]
    public string Region { get; init; } = "us-west-2";

    [RegularExpression(Addresses.Web, ErrorMessage = Addresses.WebHint), Description("Address; empty: the region's own.")]
    public string BaseUrl { get; init; } = "";

    [Description("sigv4, or bearer with AWS_BEARER_TOKEN_BEDROCK.")]
    public BedrockAuth Auth { get; init; } = BedrockAuth.Sigv4;
}

public sealed record OpenaiUpstream
{
    [Required, RegularExpression(Addresses.Web, ErrorMessage = Addresses.WebHint), Description("Address of the API.")]
    public string BaseUrl { get; init; } = "https://api.openai.com";

    [Required, RegularExpression(Addresses.Variable, ErrorMessage = Addresses.VariableHint), Description("The daemon's environment variable that holds the key.")]
    public string KeyEnv { get; init; } = "OPENAI_API_KEY";
}
