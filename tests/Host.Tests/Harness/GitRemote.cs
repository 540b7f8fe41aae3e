namespace Supervisor.Host.Tests.Harness;

/// <summary>A bare repository that plays the remote, and the operator's clone of it.</summary>
internal sealed class GitRemote
{
    private static readonly Dictionary<string, string> Environment = new()
    {
        ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["HOME"] = "/nonexistent",
        ["GIT_AUTHOR_NAME"] = "Someone",
        ["GIT_AUTHOR_EMAIL"] = "someone@example.invalid",
        ["GIT_COMMITTER_NAME"] = "Someone",
        ["GIT_COMMITTER_EMAIL"] = "someone@example.invalid",
    };

    private GitRemote(string id, string directory)
    {
        Id = id;
        Directory = directory;
    }

    public string Id { get; }
    public string Directory { get; }
    public string Bare => Path.Combine(Directory, Id + ".git");
    public string Clone => Path.Combine(Directory, Id);

    /// <summary>One commit on <c>main</c>: <c>notes.txt</c> with the line <c>first</c>.</summary>
    public static async Task<GitRemote> CreateAsync(string directory, string id)
    {
        var remote = new GitRemote(id, directory);
        await GitAsync(directory, "init", "--quiet", "--bare", "--initial-branch=main", remote.Bare);
        await GitAsync(directory, "clone", "--quiet", remote.Bare, remote.Clone);
        await CommitAsync(remote.Clone, "notes.txt", "first\n");
        await GitAsync(remote.Clone, "push", "--quiet", "origin", "HEAD:main");
        await GitAsync(remote.Clone, "branch", "--quiet", "--set-upstream-to=origin/main");
        return remote;
    }

    public string ToYaml(string push) => $"  - {{ id: {Id}, path: {Json.Quote(Clone)}, branch: main, push: {push} }}";

    /// <summary>What the remote does with every push; each call is counted.</summary>
    public async Task HookAsync(string script)
    {
        var hook = Path.Combine(Bare, "hooks", "pre-receive");
        await File.WriteAllTextAsync(hook, $"#!/bin/sh\necho called >> {Bare}/calls\n{script}\n");
        await Command.RunAsync(Directory, Environment, "chmod", "755", hook);
    }

    public int HookCalls => File.Exists(Bare + "/calls") ? File.ReadLines(Bare + "/calls").Count() : 0;

    /// <summary>Somebody else commits and pushes to <c>main</c>.</summary>
    public async Task OthersPushAsync(string file, string text)
    {
        var other = Path.Combine(Directory, $"{Id}-other");
        await GitAsync(Directory, "clone", "--quiet", Bare, other);
        await CommitAsync(other, file, text);
        await GitAsync(other, "push", "--quiet", "origin", "HEAD:main");
    }

    /// <summary>A commit by its name in the bare repository; empty where there is none.</summary>
    public async Task<string> CommitOfAsync(string name) => (await Command.RunAsync(Bare, Environment, "git", "rev-parse", "--verify", "--quiet", name)).Stdout.Trim();

    public static Task<string> ShowAsync(string directory, string what) => GitAsync(directory, "show", what);

    public static async Task<string> GitAsync(string directory, params string[] arguments)
    {
        var result = await Command.RunAsync(directory, Environment, "git", arguments);
        Assert.True(result.Exit == 0, $"git {string.Join(' ', arguments)}: {result}");
        return result.Stdout;
    }

    private static async Task CommitAsync(string directory, string file, string text)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, file), text);
        await GitAsync(directory, "add", "--", file);
        await GitAsync(directory, "commit", "--quiet", "-m", $"Write {file}");
    }
}
