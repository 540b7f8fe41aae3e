using System.Diagnostics;
using Npgsql;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.Postgres;

/// <summary>
/// A PostgreSQL server of these tests' own, in a temporary folder, on a socket there and on a free port of loopback; as durable as a real one. Where
/// PostgreSQL is not installed <see cref="Missing"/> says so, and the tests are skipped.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pg-").FullName;
    private Process? _server;
    private int _port;

    /// <summary>Why there is no server; empty where there is one.</summary>
    public string Missing { get; private set; } = "";

    private string Log => Path.Combine(_folder, "server.log");

    public async Task InitializeAsync()
    {
        var programs = PostgresPrograms.Find(out var missing);
        Missing = missing;
        if (programs is null) return;
        if (programs.User is { } user) await RunAsync("/bin/chown", $"{user}:{PostgresPrograms.GroupOf(user)}", _folder);
        var data = Path.Combine(_folder, "data");
        // What initdb writes is lost with the folder anyhow; what the server writes is synced as in production.
        await RunAsync([.. programs.Line("initdb", "--pgdata", data, "--username", "supervisor", "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync")]);
        await StartAsync(programs, data);
    }

    /// <summary>An empty database for one test; its connection string.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"t{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A name of our own making; DDL takes no parameters.
        command.CommandText = $"CREATE DATABASE {name}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
        return Connection(name);
    }

    public async Task DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            // Fast shutdown; clients that are still there are cut off.
            Proc.Signal(_server.Id, Proc.SigInt);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            try
            {
                await _server.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Proc.Signal(_server.Id, Proc.SigKill);
                throw new TimeoutException($"PostgreSQL did not end within a minute; its log:\n{await File.ReadAllTextAsync(Log)}");
            }
        }

        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Connection(string database) => $"Host=127.0.0.1;Port={_port};Username=supervisor;Database={database};Timeout=30;Command Timeout=60";

    private async Task StartAsync(PostgresPrograms programs, string data)
    {
        for (var attempt = 1; ; attempt++)
        {
            _port = Harness.Daemon.FreePort();
            var line = programs.Line("postgres", "-D", data, "-k", _folder, "-p", $"{_port}", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on", "-c", "shared_buffers=16MB", "-c", "max_connections=100");
            _server = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", Log, .. line]) { WorkingDirectory = "/" })!;
            try
            {
                await Eventually.TrueAsync(AnswersAsync, () => $"PostgreSQL answers; its log:\n{(File.Exists(Log) ? File.ReadAllText(Log) : "")}", TimeSpan.FromSeconds(60));
                return;
            }
            catch (PostgresEndedException) when (attempt < 3)
            {
                // Somebody else took the port between its choice and its use.
                _server.Dispose();
            }
        }
    }

    private async Task<bool> AnswersAsync()
    {
        if (_server!.HasExited) throw new PostgresEndedException(await File.ReadAllTextAsync(Log));
        try
        {
            await using var connection = new NpgsqlConnection(Connection("postgres") + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            // It does not listen yet, or is starting up.
            return false;
        }
    }

    private static async Task RunAsync(params IReadOnlyList<string> line)
    {
        var result = await Command.RunAsync("/", new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["LANG"] = "C.UTF-8" }, line[0], [.. line.Skip(1)]);
        Assert.True(result.Exit == 0, $"{string.Join(' ', line)}: {result}");
    }

    private sealed class PostgresEndedException(string log) : Exception($"PostgreSQL ended before it answered; its log:\n{log}");
}

/// <summary>One server for all of them; each test has a database of its own.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
