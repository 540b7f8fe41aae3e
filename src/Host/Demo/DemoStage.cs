namespace Supervisor.Host.Demo;

/// <summary>Writes all that the fleet needs: a repository with a first commit, a bare remote, the agents' scripts and the configuration.</summary>
internal static class DemoStage
{
    public static async Task BuildAsync(DemoFolder folder, int port, string unfinished, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder.Scripts);
        foreach (var (name, text) in DemoScripts.All) await File.WriteAllTextAsync(Path.Combine(folder.Scripts, name), text + "\n", cancel);
        await File.WriteAllTextAsync(folder.Config, DemoConfig.Text(folder, port, unfinished), cancel);
        await BuildRepositoryAsync(folder, cancel);
    }

    private static async Task BuildRepositoryAsync(DemoFolder folder, CancellationToken cancel)
    {
        await DemoGit.RunAsync(folder.Root, cancel, "init", "-q", "--bare", "-b", "main", folder.Remote);
        await DemoGit.RunAsync(folder.Root, cancel, "init", "-q", "-b", "main", folder.Repository);
        await File.WriteAllTextAsync(Path.Combine(folder.Repository, "README.md"), "What the agents of a demo work on.\n", cancel);
        IReadOnlyList<IReadOnlyList<string>> commands =
        [
            ["config", "user.name", "Demo"],
            ["config", "user.email", "demo@example.invalid"],
            // A collection of garbage in the background would outlive the commit that set it off.
            ["config", "gc.auto", "0"],
            ["config", "maintenance.auto", "false"],
            ["add", "README.md"],
            ["commit", "-q", "-m", "Begin"],
            ["remote", "add", "origin", folder.Remote],
            ["push", "-q", "-u", "origin", "main"],
        ];
        foreach (var command in commands) await DemoGit.RunAsync(folder.Repository, cancel, command);
    }
}
