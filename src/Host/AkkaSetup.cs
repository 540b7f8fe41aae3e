using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using Akka.Remote.Hosting;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Alerts;
using Supervisor.Actors.Common;
using Supervisor.Actors.Events;
using Supervisor.Actors.Fleet;
using Supervisor.Actors.Repositories;
using Supervisor.Actors.Serialization;
using Supervisor.Actors.Watchdog;
using Supervisor.Host.Configuration;
using Supervisor.Host.Daemons;

namespace Supervisor.Host;

/// <summary>The actor system of one node, as a sentence of features.</summary>
public static class AkkaSetup
{
    public const string SystemName = "supervisor";

    public static void AddSupervisor(this AkkaConfigurationBuilder builder, NodePlan node) => builder
        .ConfigureLoggers(log =>
        {
            log.ClearLoggers();
            log.AddLoggerFactory();
        })
        .WithNetwork(node)
        .WithJournal(node)
        .WithWireSerialization()
        .WithEventLog(node.Name, node.EventFiles, node.Recorded)
        .WithRepositories(node.Repositories)
        .WithAgents()
        .WithWatchdog(node.Options.Watchdog, node.Loops, node.IsControl)
        .WithFleet(node.Loops, node.Wanted, node.IsControl)
        .WithAlerts(node.IsControl)
        .WithRunners(node.Runners, node.OwnsWorkspaces);

    private static AkkaConfigurationBuilder WithNetwork(this AkkaConfigurationBuilder builder, NodePlan node)
    {
        var cluster = node.Options.Cluster;
        var secure = cluster.Tls.Certificate.Length > 0;
        if (secure) builder.AddSetup(ClusterTls.Setup(cluster.Tls)).AddHocon(ClusterTls.Enabled, HoconAddMode.Prepend);
        return builder
            .AddHocon(Tuning, HoconAddMode.Prepend)
            .WithRemoting(new RemoteOptions { HostName = cluster.Host, PublicHostName = cluster.Host, Port = cluster.Port })
            .WithClustering(new Akka.Cluster.Hosting.ClusterOptions
            {
                Roles = [.. node.Options.Node.Roles, NodeRoles.Of(node.Name)],
                SeedNodes = [.. cluster.Seeds.Select(s => SeedAddress(s, secure))],
                SplitBrainResolver = new KeepMajorityOption(),
            })
            .AddStartup((system, _) =>
            {
                // A cluster of one joins itself: its port may only be known now.
                if (cluster.Seeds.Count == 0) Akka.Cluster.Cluster.Get(system).Join(Akka.Cluster.Cluster.Get(system).SelfAddress);
            });
    }

    private static string SeedAddress(string seed, bool secure) =>
        seed.Contains("://", StringComparison.Ordinal) ? seed : $"akka{(secure ? ".ssl" : "")}.tcp://{SystemName}@{seed}";

    private static AkkaConfigurationBuilder WithJournal(this AkkaConfigurationBuilder builder, NodePlan node) => builder
        .AddHocon(Journal("journal.sql", node.JournalConnection, node.ProviderName), HoconAddMode.Prepend)
        .AddHocon(Journal("snapshot-store.sql", node.SnapshotConnection, node.ProviderName), HoconAddMode.Prepend)
        .AddHocon("""
            akka.persistence.journal.plugin = "akka.persistence.journal.sql"
            akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
            """, HoconAddMode.Prepend)
        .AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append);

    // Written as an object, for a connection string may hold any character.
    private static Config Journal(string plugin, string connection, string provider) =>
        ConfigurationFactory.ParseString($"akka.persistence.{plugin} {{ connection-string = {Quote(connection)}, provider-name = \"{provider}\", auto-initialize = on }}");

    private static string Quote(string value) => System.Text.Json.JsonSerializer.Serialize(value);

    private const string Tuning = """
        akka {
          # The default's wheel turns a hundred times a second, whether or not anything is due.
          scheduler.implementation = "Supervisor.Actors.Outside.TicklessScheduler, Supervisor.Actors"
          cluster {
            # It warns at once, of a period that has not passed; messages wait for the singleton meanwhile.
            singleton-proxy.log-singleton-identification-failure = false
            split-brain-resolver.stable-after = 7s
            split-brain-resolver.down-all-when-unstable = 15s
            shutdown-after-unsuccessful-join-seed-nodes = 30s
            sharding {
              # The timers of an agent's record live in it: it is never put to sleep.
              passivate-idle-entity-after = off
              state-store-mode = ddata
              distributed-data.durable.keys = []
            }
            distributed-data.durable.keys = []
          }
          # The host ends the process, after everything else is put away.
          coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off }
        }
        """;
}
