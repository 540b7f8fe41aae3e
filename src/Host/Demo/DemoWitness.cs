using Supervisor.Actors.Outside;
using Supervisor.Messages;

namespace Supervisor.Host.Demo;

/// <summary>Collects the facts after the daemon has ended: from its event log, from git, and from the kernel.</summary>
internal sealed class DemoWitness(DemoFolder folder, string unfinished)
{
    public async Task<DemoFacts> CollectAsync(int? daemonExit, TimeSpan daemonTook, CancellationToken cancel)
    {
        var left = await DemoProcesses.LeftAsync(folder, TimeSpan.FromSeconds(5));
        var branches = new Dictionary<string, DemoBranch>();
        foreach (var agent in DemoCast.Workers)
        {
            branches[agent] = new DemoBranch(await SubjectsAsync(folder.Repository, agent, cancel), await SubjectsAsync(folder.Remote, agent, cancel));
        }

        return new DemoFacts
        {
            Events = [.. new EventFiles(folder.Events).Read(after: 0)],
            Branches = branches,
            Rescues = await RescuesAsync(cancel),
            Unfinished = unfinished,
            StubbornOutput = await OutputAsync(DemoCast.Stubborn, cancel),
            Left = left,
            DaemonExit = daemonExit,
            DaemonTook = daemonTook,
        };
    }

    private static async Task<IReadOnlyList<string>> SubjectsAsync(string repository, string agent, CancellationToken cancel)
    {
        var (exit, output, _) = await DemoGit.TryAsync(repository, cancel, "log", "--reverse", "--format=%s", $"main..refs/heads/agents/{agent}");
        return exit == 0 ? DemoGit.Lines(output) : [];
    }

    private async Task<IReadOnlyList<DemoRescue>> RescuesAsync(CancellationToken cancel)
    {
        var rescues = new List<DemoRescue>();
        foreach (var name in DemoGit.Lines(await DemoGit.RunAsync(folder.Repository, cancel, "for-each-ref", "--format=%(refname)", "refs/supervisor/rescue")))
        {
            var (exit, content, _) = await DemoGit.TryAsync(folder.Repository, cancel, "show", $"{name}:unfinished.txt");
            rescues.Add(new DemoRescue(name, exit == 0 ? content.TrimEnd('\n') : null));
        }

        return rescues;
    }

    private async Task<string> OutputAsync(string agent, CancellationToken cancel)
    {
        var file = Path.Combine(new RunFiles(folder.State).RunDirectory(new AgentId(agent), 1), "stdout");
        return File.Exists(file) ? await File.ReadAllTextAsync(file, cancel) : "";
    }
}
