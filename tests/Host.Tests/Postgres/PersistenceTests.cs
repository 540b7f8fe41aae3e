using Npgsql;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.Postgres;

/// <summary>One daemon whose journal is in PostgreSQL.</summary>
[Collection(PostgresTests.Name)]
public sealed class PersistenceTests(PostgresServer server)
{
    [SkippableFact]
    public async Task Counters_survive_the_daemon_and_are_in_the_journals_tables()
    {
        Skip.If(server.Missing.Length > 0, server.Missing);
        var connection = await server.NewDatabaseAsync();
        await using var fleet = await TestFleet.StartAsync(new()
        {
            More = $"persistence: {{ provider: postgres, connection: {Json.Quote(connection)} }}",
            Agents = [new("P1", "exit 1") { Restart = "{ policy: always, initial: 100ms, factor: 1, max: 100ms, jitter: 0, crashLoop: { failures: 4, within: 10m, retryEvery: 0s } }" }],
        });
        var before = await fleet.UntilStateAsync("P1", "crash-loop");

        await fleet.Daemon.KillAsync();
        await fleet.StartDaemonAsync();

        var after = await fleet.UntilStateAsync("P1", "crash-loop");
        Assert.Equal((4, 4L, 3), (after.Failures, after.Run, after.Restarts));
        Assert.Equal((before.Failures, before.Run, before.Restarts), (after.Failures, after.Run, after.Restarts));
        Assert.Equal(before.LastExit, after.LastExit);

        var rows = await CountAsync(connection, "SELECT count(*) FROM journal WHERE persistence_id = 'agent-P1'");
        Assert.True(rows >= before.Run, $"{rows} rows for {before.Run} runs");
        Assert.Equal(0, await CountAsync(connection, "SELECT count(*) FROM snapshot WHERE persistence_id <> 'agent-P1'"));
        Assert.Empty(Directory.EnumerateFiles(fleet.StateDirectory, "*.db"));
    }

    private static async Task<long> CountAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
