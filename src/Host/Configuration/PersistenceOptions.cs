using System.ComponentModel;

namespace Supervisor.Host.Configuration;

public enum PersistenceProvider { Sqlite, Postgres }

public sealed record PersistenceOptions
{
    [Description("sqlite or postgres.")]
    public PersistenceProvider Provider { get; init; } = PersistenceProvider.Sqlite;

    [Description("Connection string; sqlite: default under stateDir.")]
    public string Connection { get; init; } = "";
}
