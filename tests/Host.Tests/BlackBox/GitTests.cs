using System.Globalization;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>Agents' work: each in its own tree, never lost, brought to the remote and seen there.</summary>
public sealed class GitTests(GitTests.Repositories shared) : IClassFixture<GitTests.Repositories>
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private readonly TestFleet _fleet = shared.Fleet;

    public sealed class Repositories : SharedFleet
    {
        private static readonly (string Id, string Mode)[] Wanted =
            [("good", "branch"), ("protected", "branch"), ("workflow", "branch"), ("declined", "branch"), ("slow", "branch"), ("ahead", "trunk"), ("conflict", "trunk"), ("off", "off")];

        private readonly string _directory = Directory.CreateTempSubdirectory("sv-git-").FullName;
        private readonly List<string> _yaml = ["repositories:"];

        internal Dictionary<string, GitRemote> Remotes { get; } = [];

        internal override FleetSettings Settings => new() { More = string.Join('\n', _yaml) };

        public override async Task InitializeAsync()
        {
            foreach (var (id, mode) in Wanted)
            {
                var remote = await GitRemote.CreateAsync(_directory, id);
                Remotes[id] = remote;
                _yaml.Add(remote.ToYaml(string.Create(CultureInfo.InvariantCulture, $"{{ mode: {mode}, every: {Every.TotalSeconds}s }}")));
            }

            await base.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(_directory, recursive: true);
        }
    }

    private GitRemote Remote(string id) => shared.Remotes[id];

    private static FakeAgentYaml In(string repository, string id, string script) => new(id, script) { Workspace = "worktree", More = $"repository: {repository}" };

    private static string Tree(AgentView agent) => File.ResolveLinkTarget($"/proc/{agent.Pid}/cwd", returnFinalTarget: false)!.FullName;

    [Fact, Case("L7")]
    public async Task Two_agents_of_one_repository_work_in_two_trees()
    {
        var first = Tree(await _fleet.AddRunningAsync(In("good", "L7-a", "dirty mine.txt a sleep-forever")));
        var second = Tree(await _fleet.AddRunningAsync(In("good", "L7-b", "dirty mine.txt b sleep-forever")));

        Assert.NotEqual(first, second);
        Assert.Equal("agents/L7-a\n", await GitRemote.GitAsync(first, "branch", "--show-current"));
        Assert.Equal("agents/L7-b\n", await GitRemote.GitAsync(second, "branch", "--show-current"));
        Assert.False(File.Exists(Path.Combine(Remote("good").Clone, "mine.txt")), "the operator's clone is nobody's workplace");
    }

    [Fact, Case("7"), Case("W10")]
    public async Task Commits_are_pushed_and_read_again_from_the_remote_and_open_work_is_not_touched()
    {
        var agent = await _fleet.AddRunningAsync(In("good", "P7", $"commit 2 work.txt dirty open.txt 'half done' touch {_fleet.FileOf("p7")} sleep-forever"));
        await _fleet.FileAsync("p7");
        var tree = Tree(agent);
        var head = (await GitRemote.GitAsync(tree, "rev-parse", "HEAD")).Trim();

        var pushed = await _fleet.Events.FirstAsync("P7", "work.pushed", e => e["commit"].GetString() == head, TimeSpan.FromSeconds(30));

        Assert.Equal(head, await Remote("good").CommitOfAsync("refs/heads/agents/P7"));
        Assert.Contains("agents/P7", pushed["ref"].GetString(), StringComparison.Ordinal);
        await _fleet.UntilAsync("P7", a => a.Unpushed == 0, "nothing is left to push");
        Assert.Equal("half done\n", await File.ReadAllTextAsync(Path.Combine(tree, "open.txt")));
        Assert.Equal("", await GitRemote.GitAsync(tree, "stash", "list"));
    }

    [Theory, Case("7"), Case("W13")]
    [InlineData("protected", "error: GH006: Protected branch update failed for refs/heads/agents.", "protectedbranch")]
    [InlineData("workflow", "error: refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml` without `workflow` scope", "workflowscope")]
    [InlineData("declined", "no pushes on Fridays", "hookdeclined")]
    public async Task A_refusal_for_good_is_named_told_once_and_not_tried_again(string repository, string words, string refusal)
    {
        await Remote(repository).HookAsync($"cat <<'END' >&2\n{words}\nEND\nexit 1");
        var id = $"P7-{repository}";
        await _fleet.AddRunningAsync(In(repository, id, "commit 1 work.txt sleep-forever"));

        var refused = await _fleet.Events.FirstAsync(id, "work.push-refused", within: TimeSpan.FromSeconds(30));

        Assert.Equal(refusal, refused["class"].GetString()!.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant());
        Assert.True(refused["permanent"].GetBoolean());
        Assert.Contains(words, refused["text"].GetString(), StringComparison.OrdinalIgnoreCase);
        var calls = Remote(repository).HookCalls;
        await Eventually.PastAsync(refused.At + 4 * Every);
        Assert.Equal(calls, Remote(repository).HookCalls);
        Assert.Single(_fleet.Events.Of(id, "work.push-refused"));
        Assert.Equal(1, (await _fleet.AgentAsync(id)).Unpushed);
        Assert.Equal("", await Remote(repository).CommitOfAsync($"refs/heads/agents/{id}"));
    }

    [Fact, Case("W16")]
    public async Task A_push_that_hangs_delays_nobodys_supervision()
    {
        await Remote("slow").HookAsync("sleep 8; exit 0");
        await _fleet.AddRunningAsync(In("slow", "W16-slow", "commit 1 work.txt sleep-forever"));
        await Eventually.TrueAsync(() => Remote("slow").HookCalls > 0, "the push hangs");

        await _fleet.AddAsync(new FakeAgentYaml("W16", $"stamp {_fleet.FileOf("w16")} exit 3") { Restart = "{ policy: never }" });

        var exited = await _fleet.Events.FirstAsync("W16", "agent.exited");
        var left = DateTimeOffset.Parse((await _fleet.FileAsync("w16")).Trim(), CultureInfo.InvariantCulture);
        Assert.InRange(exited.At - left, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact, Case("W12")]
    public async Task On_the_trunk_others_commits_come_first_and_both_are_kept()
    {
        await Remote("ahead").OthersPushAsync("theirs.txt", "theirs\n");
        await _fleet.AddRunningAsync(In("ahead", "W12", "commit 1 ours.txt sleep-forever"));

        await _fleet.Events.FirstAsync("W12", "work.pushed", within: TimeSpan.FromSeconds(30));

        Assert.Equal("theirs\n", await GitRemote.ShowAsync(Remote("ahead").Bare, "main:theirs.txt"));
        Assert.StartsWith("line 1", await GitRemote.ShowAsync(Remote("ahead").Bare, "main:ours.txt"), StringComparison.Ordinal);
    }

    [Fact, Case("W11"), Case("W10")]
    public async Task A_rebase_that_conflicts_is_told_and_leaves_the_agents_tree_as_it_was()
    {
        var agent = await _fleet.AddRunningAsync(In("conflict", "W11", $"await-file {_fleet.FileOf("w11.go")} commit 1 notes.txt touch {_fleet.FileOf("w11")} sleep-forever"));
        await Remote("conflict").OthersPushAsync("notes.txt", "first\nanother line\n");
        await File.WriteAllTextAsync(_fleet.FileOf("w11.go"), "");
        await _fleet.FileAsync("w11");
        var tree = Tree(agent);
        var head = await GitRemote.GitAsync(tree, "rev-parse", "HEAD");

        var refused = await _fleet.Events.FirstAsync("W11", "work.push-refused", within: TimeSpan.FromSeconds(30));

        Assert.Equal("rebaseconflict", refused["class"].GetString()!.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant());
        Assert.Equal(head, await GitRemote.GitAsync(tree, "rev-parse", "HEAD"));
        Assert.Equal("agents/W11\n", await GitRemote.GitAsync(tree, "branch", "--show-current"));
        Assert.Equal("", await GitRemote.GitAsync(tree, "status", "--porcelain"));
        Assert.DoesNotContain("<<<<", await File.ReadAllTextAsync(Path.Combine(tree, "notes.txt")), StringComparison.Ordinal);
        Assert.Equal("first\nanother line\n", await GitRemote.ShowAsync(Remote("conflict").Bare, "main:notes.txt"));
    }

    [Fact, Case("W9")]
    public async Task Open_work_is_saved_before_its_agent_is_stopped()
    {
        var agent = await _fleet.AddRunningAsync(In("off", "W9", $"dirty open.txt 'half done' touch {_fleet.FileOf("w9")} sleep-forever"));
        await _fleet.FileAsync("w9");
        var tree = Tree(agent);

        await _fleet.StopAsync("W9");

        var saved = await _fleet.Events.FirstAsync("W9", "work.saved");
        Assert.StartsWith("refs/supervisor/rescue/W9/", saved["ref"].GetString(), StringComparison.Ordinal);
        Assert.Equal("half done\n", await GitRemote.ShowAsync(Remote("off").Clone, $"{saved["ref"].GetString()}:open.txt"));
        Assert.Equal("half done\n", await File.ReadAllTextAsync(Path.Combine(tree, "open.txt")));
        Assert.Equal("", await GitRemote.GitAsync(tree, "stash", "list"));
    }
}
