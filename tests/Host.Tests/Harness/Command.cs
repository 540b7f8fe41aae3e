using System.Diagnostics;

namespace Supervisor.Host.Tests.Harness;

internal sealed record CommandResult(int Exit, byte[] StdoutBytes, string Stderr)
{
    public string Stdout { get; } = System.Text.Encoding.UTF8.GetString(StdoutBytes);

    public override string ToString() => $"exit {Exit}\nstdout: {Stdout}\nstderr: {Stderr}";
}

/// <summary>Runs a program to its end, with nothing in its environment but what it is given.</summary>
internal static class Command
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<CommandResult> RunAsync(string directory, IReadOnlyDictionary<string, string> environment, string program, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        using var stdout = new MemoryStream();
        try
        {
            var stderr = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardOutput.BaseStream.CopyToAsync(stdout, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new CommandResult(process.ExitCode, stdout.ToArray(), await stderr);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Limit.TotalSeconds:0} s; so far: {System.Text.Encoding.UTF8.GetString(stdout.ToArray())}");
        }
    }
}
