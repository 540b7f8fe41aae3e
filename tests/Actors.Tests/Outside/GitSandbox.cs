using System.Diagnostics;
using Supervisor.Actors.Outside;
using Supervisor.Actors.Repositories;
using Supervisor.Messages;

namespace Supervisor.Actors.Tests.Outside;

/// <summary>A bare remote, a clone of it and a state directory in a temporary folder; real git throughout.</summary>
public sealed class GitSandbox : IDisposable
{
    public static readonly AgentId A1 = new("A1");
    public static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 3, 0, TimeSpan.Zero);

    public GitSandbox()
    {
        Directory.CreateDirectory(Root);
        Run(Root, "init", "--quiet", "--bare", "-b", "main", Remote);
        Run(Root, "clone", "--quiet", Remote, Clone);
        Identify(Clone);
        Run(Clone, "checkout", "--quiet", "-b", "main");
        Commit(Clone, "readme", "hello\n");
        Run(Clone, "push", "--quiet", "origin", "main");
    }

    public string Root { get; } = Path.Combine(Path.GetTempPath(), $"git sandbox é {Guid.NewGuid():N}");
    public string Remote => Path.Combine(Root, "remote.git");
    public string Clone => Path.Combine(Root, "clone");
    public string State => Path.Combine(Root, "state");
    public PushMode Mode { get; set; } = PushMode.Branch;
    public Git Git { get; init; } = new(GitLimits.Default);

    public RepositorySettings Settings => new(new RepositoryId("app"), Clone, "", "origin", "main", Mode, TimeSpan.FromMinutes(3), State);

    public Task<GitRepository> OpenAsync() => Git.EnsureCloneAsync(Settings, CancellationToken.None);

    public async Task<(GitRepository Repository, GitWorktree Worktree)> PrepareAsync(AgentId? agent = null)
    {
        var repository = await OpenAsync();
        return (repository, await Git.EnsureWorktreeAsync(repository, agent ?? A1, T0, CancellationToken.None));
    }

    /// <summary>Another clone, as a colleague would have it.</summary>
    public string Colleague(string name = "colleague")
    {
        var path = Path.Combine(Root, name);
        Run(Root, "clone", "--quiet", Remote, path);
        Identify(path);
        return path;
    }

    public static void Identify(string repository)
    {
        Run(repository, "config", "user.name", "Agent");
        Run(repository, "config", "user.email", "agent@example.invalid");
    }

    public static string Commit(string directory, string file, string text)
    {
        File.WriteAllText(Path.Combine(directory, file), text);
        Run(directory, "add", "--", file);
        Run(directory, "commit", "--quiet", "-m", $"write {file}");
        return Run(directory, "rev-parse", "HEAD");
    }

    public static void Hook(string repository, string name, string script)
    {
        var path = Path.Combine(repository, "hooks", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        Permit(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static void Permit(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) // the analyzer asks; the supervisor is for Linux
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    /// <summary>Null: the remote has no such ref.</summary>
    public string? OnRemote(string name) => Try(Remote, "rev-parse", "--verify", "--quiet", name) is (0, var output) ? output : null;

    public static string Run(string directory, params string[] arguments)
    {
        var (code, output) = Try(directory, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)} ended with {code}: {output}");
    }

    public static (int Code, string Output) Try(string directory, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C", ["GIT_EDITOR"] = ":" },
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd().TrimEnd('\n');
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"git {string.Join(' ', arguments)} did not end");
        }

        return (process.ExitCode, process.ExitCode == 0 ? output : output + error.GetAwaiter().GetResult());
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
