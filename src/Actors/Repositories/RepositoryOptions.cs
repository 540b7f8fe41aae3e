using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Repositories;

/// <summary>branch: agents/ID to the remote; trunk: rebase and push to the branch; off: nothing leaves the machine.</summary>
public enum PushMode { Branch, Trunk, Off }

public sealed record RepositoryOptions
{
    // What git accepts as a ref, and never something that git would read as an option.
    private const string RefPattern = @"^(?!-)[^\s~^:?*\[\\\x00-\x1f\x7f]+$";
    private const string RefHint = "a name that git accepts, not starting with '-'";

    [Required, RegularExpression(AgentOptions.NamePattern, ErrorMessage = AgentOptions.NameHint), Description("The repository's name in this configuration.")]
    public string Id { get; init; } = "";

    [FilePath, Description("A clone on this machine. This or url is required.")]
    public string Path { get; init; } = "";

    [RegularExpression(@"^(?!-)\S+$", ErrorMessage = "an address without spaces, not starting with '-'"), Description("Where to clone from; the clone stands under stateDir unless path names it.")]
    public string Url { get; init; } = "";

    [RegularExpression(RefPattern, ErrorMessage = RefHint), Description("The remote that is pushed to.")]
    public string Remote { get; init; } = "origin";

    [RegularExpression(RefPattern, ErrorMessage = RefHint), Description("The branch that agents start from and, in mode trunk, push to.")]
    public string Branch { get; init; } = "main";

    [Description("How commits reach the remote.")]
    public PushOptions Push { get; init; } = new();

    [Description("What happens to work that an agent forgot to commit.")]
    public CommitOptions Commit { get; init; } = new();

    [Description("Globs of temporary files that are never committed and are cleaned up.")]
    public IReadOnlyList<string> Scratch { get; init; } = [];

    [Description("Globs that no automatic repair may touch.")]
    public IReadOnlyList<string> Protected { get; init; } = [];
}

public sealed record PushOptions
{
    [Description("branch: agents/ID to the remote; trunk: rebase and push to branch; off.")]
    public PushMode Mode { get; init; } = PushMode.Branch;

    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00"), Description("How often unpushed commits are pushed.")]
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(3);
}

public sealed record CommitOptions
{
    [Description("Commit what an agent left uncommitted.")]
    public bool Forgotten { get; init; } = true;

    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00"), Description("Only after the worktree was left alone for this long.")]
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(15);
}
