using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Microsoft.Data.Sqlite;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Common;
using Supervisor.Actors.Serialization;
using Supervisor.Messages;

namespace Supervisor.Actors.Tests.Recovery;

/// <summary>A real journal and snapshot store, as a daemon has them: SQLite files in a folder of their own.</summary>
internal sealed class RecoveryFixture : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("recovery-").FullName;

    public RecoveryFixture()
    {
        // Write-ahead logging is a property of the file, and not of the connection.
        Run("journal", "PRAGMA journal_mode=WAL");
        Run("snapshots", "PRAGMA journal_mode=WAL");
        System = ActorSystem.Create("recovery", ConfigurationFactory.ParseString($$"""
            akka {
              log-dead-letters = off
              loglevel = WARNING
              persistence.journal.plugin = "akka.persistence.journal.sql"
              persistence.journal.sql { connection-string = "{{Connection("journal")}}", provider-name = "SQLite.MS", auto-initialize = on }
              persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
              persistence.snapshot-store.sql { connection-string = "{{Connection("snapshots")}}", provider-name = "SQLite.MS", auto-initialize = on }
              actor.serializers.supervisor-wire = "{{typeof(WireSerializer).AssemblyQualifiedName}}"
              actor.serialization-bindings { "{{typeof(IWireMessage).AssemblyQualifiedName}}" = supervisor-wire }
            }
            """).WithFallback(SqlPersistence.DefaultConfiguration));
    }

    public ActorSystem System { get; }

    public IActorRef StartRecord(AgentId agent, IRunnerDirectory runners) =>
        System.ActorOf(Props.Create(() => new AgentActor(agent, new Silence(), runners, ActorRefs.Nobody, new Random(1))));

    public long JournalRows() => Count("journal", "journal");

    public long SnapshotRows() => Count("snapshots", "snapshot");

    public async ValueTask DisposeAsync()
    {
        await System.Terminate();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private long Count(string file, string table) => (long)Run(file, $"SELECT count(*) FROM {table}")!;

    private object? Run(string file, string sql)
    {
        using var connection = new SqliteConnection(Connection(file));
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Nothing but this file's own constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private string Connection(string file) => $"Data Source={Path.Combine(_folder, file + ".db")}";

    private sealed class Silence : IEventTopic
    {
        public void Publish(object evt)
        {
        }
    }
}
