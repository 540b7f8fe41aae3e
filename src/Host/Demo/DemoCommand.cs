using System.Runtime.InteropServices;

namespace Supervisor.Host.Demo;

/// <summary><c>supervisor demo</c>: a whole fleet in a temporary folder, and a verdict on what it did.</summary>
public static class DemoCommand
{
    private const int Ok = 0, Failed = 1, BadUsage = 2, Interrupted = 130;

    /// <summary>Longer than the daemon needs for its slowest agent.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(60);

    /// <param name="terminal">Whether <paramref name="output"/> is a terminal, on which a table can be drawn in place.</param>
    public static async Task<int> RunAsync(DemoArguments arguments, TextWriter output, TextWriter errors, bool terminal, CancellationToken cancel)
    {
        if (arguments.Seconds is < DemoArguments.Least or > DemoArguments.Most)
        {
            errors.WriteLine($"--seconds is from {DemoArguments.Least} to {DemoArguments.Most}, and not {arguments.Seconds}");
            return BadUsage;
        }

        // The daemon and its agents must not outlive an interrupted demo: it ends when they have ended.
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt);
        var folder = DemoFolder.Create();
        try
        {
            return await RunAsync(arguments, folder, output, errors, terminal && Environment.GetEnvironmentVariable("TERM") != "dumb", interrupted.Token);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            errors.WriteLine("interrupted; the fleet is stopped");
            return Interrupted;
        }
        // Cancelled, and not by us: an answer that did not come in time.
        catch (Exception e) when (e is DemoFailedException or DemoGitException or HttpRequestException or OperationCanceledException or System.ComponentModel.Win32Exception)
        {
            errors.WriteLine($"the demo could not be played: {e.Message}");
            foreach (var line in LogTail(folder)) errors.WriteLine($"  daemon.log: {line}");
            return Failed;
        }
        finally
        {
            await DemoProcesses.EndAsync(folder);
            if (arguments.Keep) (arguments.Json ? errors : output).WriteLine($"kept: {folder.Root}");
            else folder.Delete();
        }

        void Interrupt(PosixSignalContext context)
        {
            context.Cancel = true;
            interrupted.Cancel();
        }
    }

    private static async Task<int> RunAsync(DemoArguments arguments, DemoFolder folder, TextWriter output, TextWriter errors, bool terminal, CancellationToken cancel)
    {
        var (port, unfinished) = (DemoClient.FreePort(), $"half of a thought, {Guid.NewGuid():N}");
        var words = arguments.Json ? errors : output;
        words.WriteLine($"A fleet of {DemoCast.All.Count} agents in {folder.Root}: a git repository, a bare remote, real processes.");
        await DemoStage.BuildAsync(folder, port, unfinished, cancel);
        var view = terminal && !arguments.Json ? (IDemoView)new LiveView(output) : new PlainView(words);
        var (exit, took) = await PlayAsync(folder, port, TimeSpan.FromSeconds(arguments.Seconds), view, errors, cancel);
        var findings = DemoChecks.All(await new DemoWitness(folder, unfinished).CollectAsync(exit, took, cancel));
        if (arguments.Json) output.WriteLine(DemoReport.Of(findings).ToJson());
        else WriteVerdicts(findings, output);
        return findings.All(f => f.Held) ? Ok : Failed;
    }

    private static void WriteVerdicts(IReadOnlyList<DemoFinding> findings, TextWriter output)
    {
        output.WriteLine();
        foreach (var finding in findings) output.WriteLine(finding);
        var failed = findings.Count(f => !f.Held);
        output.WriteLine(failed == 0 ? "All of it held." : $"{failed} of {findings.Count} did not hold.");
    }

    /// <returns>How the daemon ended, and how long that took.</returns>
    private static async Task<(int? Exit, TimeSpan Took)> PlayAsync(DemoFolder folder, int port, TimeSpan length, IDemoView view, TextWriter errors, CancellationToken cancel)
    {
        using var daemon = DemoDaemon.Start(folder);
        using var client = new DemoClient(port);
        var played = false;
        try
        {
            var play = new DemoPlay(client, daemon, length);
            await play.UntilReadyAsync(cancel);
            await view.PlayAsync(show => play.WatchAsync(show, cancel));
            played = true;
        }
        finally
        {
            // However it went.
            if (!played) await EndAsync(daemon, folder, errors);
        }

        var began = TimeProvider.System.GetTimestamp();
        return (await EndAsync(daemon, folder, errors), TimeProvider.System.GetElapsedTime(began));
    }

    private static async Task<int?> EndAsync(DemoDaemon daemon, DemoFolder folder, TextWriter errors)
    {
        var exit = await daemon.StopAsync(StopWithin);
        if (exit is not null) return exit;
        errors.WriteLine($"the daemon did not end within {StopWithin.TotalSeconds:0} s; it and what it started are killed");
        await DemoProcesses.EndAsync(folder);
        return null;
    }

    private static IEnumerable<string> LogTail(DemoFolder folder) => File.Exists(folder.Log) ? File.ReadLines(folder.Log).TakeLast(20) : [];
}
