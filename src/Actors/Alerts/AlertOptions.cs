using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Alerts;

public enum SinkKind { Webhook, Sns, Command, File }

public enum SinkLevel { Info, Warning, Critical }

public sealed record AlertOptions
{
    [Description("Where alerts go.")]
    public IReadOnlyList<SinkOptions> Sinks { get; init; } = [];

    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00"), Description("How often an alert whose cause lasts is sent again.")]
    public TimeSpan Repeat { get; init; } = TimeSpan.FromHours(4);
}

public sealed record SinkOptions
{
    [Required, RegularExpression(AgentOptions.NamePattern, ErrorMessage = AgentOptions.NameHint), Description("The sink's name.")]
    public string Id { get; init; } = "";

    [Required, Description("webhook, sns, command or file.")]
    public SinkKind? Kind { get; init; }

    [RegularExpression(@"^https?://\S+$", ErrorMessage = "http:// or https://"), Description("Kind webhook: where the alert is posted.")]
    public string Url { get; init; } = "";

    [RegularExpression(@"^arn:\S+$", ErrorMessage = "an ARN"), Description("Kind sns: the topic's ARN.")]
    public string Topic { get; init; } = "";

    [Description("Kind command: argv; the alert is its standard input.")]
    public IReadOnlyList<string> Command { get; init; } = [];

    [FilePath, Description("Kind file: the alert is appended to it.")]
    public string Path { get; init; } = "";

    [MinLength(1), Description("Which alerts go there.")]
    public IReadOnlyList<SinkLevel> Levels { get; init; } = [SinkLevel.Warning, SinkLevel.Critical];
}
