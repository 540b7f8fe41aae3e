using System.Text;
using CliWrap;

namespace Supervisor.Host.Demo;

internal sealed class DemoGitException(string message) : Exception(message);

/// <summary>Git as a witness, and as the one who lays the stage: apart from the git of the daemon.</summary>
internal static class DemoGit
{
    /// <summary>The operator's own settings must not make a commit ask for a key or run a hook.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Environment = new Dictionary<string, string?>
    {
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_DIR"] = null,
        ["GIT_WORK_TREE"] = null,
        ["GIT_INDEX_FILE"] = null,
    };

    public static async Task<string> RunAsync(string directory, CancellationToken cancel, params IReadOnlyList<string> arguments)
    {
        var (exit, output, error) = await TryAsync(directory, cancel, arguments);
        return exit == 0 ? output : throw new DemoGitException($"git {string.Join(' ', arguments)}: {error.Trim()}");
    }

    public static async Task<(int Exit, string Output, string Error)> TryAsync(string directory, CancellationToken cancel, params IReadOnlyList<string> arguments)
    {
        var (output, error) = (new StringBuilder(), new StringBuilder());
        var result = await CliWrap.Cli.Wrap("git")
            .WithArguments(arguments)
            .WithWorkingDirectory(directory)
            .WithEnvironmentVariables(Environment)
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(error))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(cancel);
        return (result.ExitCode, output.ToString(), error.ToString());
    }

    public static IReadOnlyList<string> Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
