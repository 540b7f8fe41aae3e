using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Supervisor.Messages;

namespace Supervisor.Host.Configuration;

public sealed record ClusterOptions
{
    [Required, RegularExpression(@"^[A-Za-z0-9.:_-]{1,253}$", ErrorMessage = "a host name or an address"), Description("The name or address under which other nodes reach this one.")]
    public string Host { get; init; } = "127.0.0.1";

    [Range(0, 65535), Description("0: any free port.")]
    public int Port { get; init; } = 4053;

    [RegularExpression(@"^(akka(\.ssl)?\.tcp://[A-Za-z0-9_-]+@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$", ErrorMessage = "host:port, or a whole akka.tcp:// address")]
    [Description("Nodes to join; empty: a cluster of one.")]
    public IReadOnlyList<string> Seeds { get; init; } = [];

    [Description("Mutual TLS; required when host is not loopback.")]
    public TlsOptions Tls { get; init; } = new();
}

public sealed record TlsOptions
{
    [FilePath, Description("This node's certificate, PEM.")]
    public string Certificate { get; init; } = "";

    [FilePath, Description("Its private key, PEM.")]
    public string Key { get; init; } = "";

    [FilePath, Description("The authority that signed every node's certificate, PEM.")]
    public string Ca { get; init; } = "";
}
