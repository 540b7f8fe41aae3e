using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Supervisor.Messages;

namespace Supervisor.Host.Configuration;

public sealed record HttpOptions
{
    [Required, Description("host:port of management, API and dashboard; port 0: any free port.")]
    public string Listen { get; init; } = "127.0.0.1:8558";

    [FilePath, Description("A file of mode 0600 holding the bearer token; required off loopback.")]
    public string TokenFile { get; init; } = "";

    [Description("Refuse every write.")]
    public bool ReadOnly { get; init; }
}
