using System.Collections;
using System.ComponentModel;
using System.Runtime.InteropServices;
using CliWrap;

namespace Supervisor.Actors.Outside;

/// <summary>
/// Runs git: argument lists and never a shell, no prompt, no tty, bounded output, and a time limit that ends git with its hooks and helpers.
/// Hooks are respected: nothing here sets core.hooksPath or says --no-verify.
/// </summary>
public sealed partial class GitCommand(GitLimits limits)
{
    public const int Kept = 1 << 20;
    private const int Sigkill = 9;

    // gc and fsmonitor leave processes behind or take locks, and colour and quoting change what is parsed.
    private static readonly string[] Settings =
    [
        "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "core.fsmonitor=false",
        "-c", "core.quotePath=false", "-c", "color.ui=false", "-c", "log.showSignature=false",
    ];

    private static readonly Dictionary<string, string> NoExtra = [];
    private static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(3);

    public Task<GitResult> ReadAsync(string directory, CancellationToken cancel, params string[] arguments) =>
        RunAsync(directory, ["--no-optional-locks", .. arguments], NoExtra, limits.Read, cancel);

    /// <summary>A read whose output may be large.</summary>
    public Task<GitResult> ReadAsync(string directory, int keep, CancellationToken cancel, params string[] arguments) =>
        RunAsync(directory, ["--no-optional-locks", .. arguments], NoExtra, limits.Network, cancel, keep);

    public Task<GitResult> WriteAsync(string directory, CancellationToken cancel, params string[] arguments) =>
        RunAsync(directory, arguments, NoExtra, limits.Network, cancel);

    public Task<GitResult> WriteAsync(string directory, IReadOnlyDictionary<string, string> environment, CancellationToken cancel, params string[] arguments) =>
        RunAsync(directory, arguments, environment, limits.Network, cancel);

    public Task<GitResult> LongAsync(string directory, IReadOnlyDictionary<string, string> environment, CancellationToken cancel, params string[] arguments) =>
        RunAsync(directory, arguments, environment, limits.Long, cancel);

    public Task<GitResult> LongAsync(string directory, CancellationToken cancel, params string[] arguments) => LongAsync(directory, NoExtra, cancel, arguments);

    /// <summary>An exchange with a remote: ssh is told never to ask.</summary>
    public async Task<GitResult> NetworkAsync(string directory, CancellationToken cancel, params string[] arguments)
    {
        var configured = Environment.GetEnvironmentVariable("GIT_SSH_COMMAND");
        if (string.IsNullOrEmpty(configured))
        {
            configured = (await ReadAsync(directory, cancel, "config", "--get", "core.sshCommand").ConfigureAwait(false)).Line;
        }

        var useOwnProgram = string.IsNullOrEmpty(configured) && Environment.GetEnvironmentVariable("GIT_SSH") is { Length: > 0 };
        var ssh = useOwnProgram ? NoExtra : new Dictionary<string, string> { ["GIT_SSH_COMMAND"] = GitEnvironment.BatchSsh(configured) };
        return await RunAsync(directory, arguments, ssh, limits.Network, cancel).ConfigureAwait(false);
    }

    private static async Task<GitResult> RunAsync(
        string directory, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, TimeSpan limit, CancellationToken cancel, int keep = Kept)
    {
        cancel.ThrowIfCancellationRequested();
        using var output = new BoundedText(keep, keepEnd: false);
        using var error = new BoundedText(Kept, keepEnd: true); // what git says last is what matters
        var inherited = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => (string)entry.Key);

        // setsid makes git the leader of its own group, so that one signal reaches its hooks, ssh and helpers too.
        var command = Cli.Wrap("setsid")
            .WithArguments(["git", .. Settings, .. arguments])
            .WithWorkingDirectory(directory)
            .WithEnvironmentVariables(GitEnvironment.Changes(inherited, environment))
            .WithStandardOutputPipe(PipeTarget.Create(output.FillAsync))
            .WithStandardErrorPipe(PipeTarget.Create(error.FillAsync))
            .WithValidation(CommandResultValidation.None);

        using var abandon = new CancellationTokenSource();
        using var tooLong = new CancellationTokenSource(limit);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, tooLong.Token);
        var name = string.Join(' ', arguments.SkipWhile(argument => argument.StartsWith('-')).Take(2));
        try
        {
            var running = command.ExecuteAsync(abandon.Token);
            using var kill = end.Token.Register(() =>
            {
                Kill(running.ProcessId);
                abandon.CancelAfter(AfterKill); // something left the group and still holds the pipes
            });
            var result = await running.Task.ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();

            // A command that ended well in the very moment of its limit has still ended well.
            return tooLong.IsCancellationRequested && result.ExitCode != 0
                ? TimedOut()
                : new GitResult(name, result.ExitCode, output.ToString(), error.ToString(), false, output.Truncated);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return TimedOut();
        }
        catch (Win32Exception e)
        {
            throw new GitException($"git could not be started (it needs git and setsid of util-linux, and the folder {directory}): {e.Message}");
        }

        GitResult TimedOut() => new(
            name, -1, output.ToString(), $"git {name} took longer than {limit.TotalSeconds:0} s and was killed with its children\n{error}", true, output.Truncated);
    }

    private static void Kill(int process)
    {
        // Between fork and setsid there is no such group yet; then the process alone is all there is.
        if (Signal(-process, Sigkill) != 0)
        {
            _ = Signal(process, Sigkill);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int target, int signal);
}
