using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Supervisor.Host.Tests.Harness;

/// <summary>One run of <c>supervisor run</c>. Its output goes to a file: whoever inherits the descriptors cannot hold up the test.</summary>
internal sealed class Daemon : IDisposable
{
    private readonly Process _process;
    private readonly string _log;

    private Daemon(Process process, string log)
    {
        _process = process;
        _log = log;
        Pid = process.Id;
    }

    public int Pid { get; }

    public bool Lives => !_process.HasExited;

    public string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>Starts the program and does not wait for anything.</summary>
    public static Daemon Start(string directory, string config, IReadOnlyDictionary<string, string> environment)
    {
        var log = Path.Combine(directory, "daemon.log");
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, Programs.Dotnet, Programs.Supervisor, "run", "--config", config])
        {
            WorkingDirectory = directory,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new Daemon(Process.Start(start) ?? throw new InvalidOperationException("the daemon did not start"), log);
    }

    public async Task UntilReadyAsync(Uri url, string? bearer = null)
    {
        using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(5) };
        http.DefaultRequestHeaders.Authorization = bearer is null ? null : new("Bearer", bearer);
        await Eventually.TrueAsync(
            async () => !Lives ? throw new DaemonEndedException(_process.ExitCode, Log) : await IsReadyAsync(http),
            () => $"the daemon becomes ready; its log:\n{Log}",
            TimeSpan.FromSeconds(60));
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/ready", UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            // It does not listen yet.
            return false;
        }
    }

    public void Signal(int signal) => Proc.Signal(Pid, signal);

    /// <summary>Waits for the end; the exit status, 128 and the signal where one ended it.</summary>
    public async Task<int> ExitAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the daemon did not end within {within.TotalSeconds:0.0} s; its log:\n{Log}");
        }

        return _process.ExitCode;
    }

    public async Task<int> KillAsync()
    {
        Signal(Proc.SigKill);
        return await ExitAsync(TimeSpan.FromSeconds(10));
    }

    public void Dispose() => _process.Dispose();
}

internal sealed class DaemonEndedException(int exit, string log) : Exception($"the daemon ended with {exit} before it was ready; its log:\n{log}")
{
    public int Exit => exit;

    /// <summary>Somebody else took the port between its choice and its use.</summary>
    public bool PortTaken => log.Contains("address already in use", StringComparison.OrdinalIgnoreCase);
}
