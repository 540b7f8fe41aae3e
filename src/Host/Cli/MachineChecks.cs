using Supervisor.Actors.Outside;

namespace Supervisor.Host.Cli;

/// <summary>The prerequisites of a machine that is to run a fleet.</summary>
public static class MachineChecks
{
    /// <summary>The first with <c>git worktree list -z</c> and everything else that is used.</summary>
    private static readonly Version OldestGit = new(2, 36);

    /// <param name="nativeShim">The native shim's path; null: agents run under the managed one.</param>
    public static async Task<IReadOnlyList<Prerequisite>> AllAsync(string stateDirectory, string? nativeShim, CancellationToken cancel)
    {
        var (git, cgroups, state) = (await MachineProbe.GitAsync(cancel), MachineProbe.Cgroups(), MachineProbe.Writable(stateDirectory));
        return
        [
            new("git", git >= OldestGit ? Verdict.Ok : Verdict.Failed, git?.ToString() ?? "not found", $"install git {OldestGit} or later and put it on the PATH"),
            new("state directory", state is null ? Verdict.Ok : Verdict.Failed, state ?? stateDirectory, "make it writable, or name another as node.stateDir"),
            new("shim", nativeShim is null ? Verdict.Warning : Verdict.Ok, nativeShim ?? "managed", "install gcc or clang and publish again: the native shim takes 1 MB where the managed one takes 30"),
            new("cgroups", cgroups is null ? Verdict.Ok : Verdict.Warning, cgroups ?? "writable", "run under systemd with Delegate=yes; until then limits.memory and limits.pids are not enforced"),
        ];
    }
}
