using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Supervisor.Messages.Agents;

// These options travel to the node that hosts the agent's record, so they live with the messages
// (docs/decisions/agent-options-are-messages.md).

/// <summary>How an agent starts, resumes, is read and is stopped.</summary>
public enum AgentKind { ClaudeCode, Codex, [JsonStringEnumMemberName("opencode")] OpenCode, Gemini, Command }

public enum RestartWhen { Always, OnFailure, Never }

public enum OnNodeLost { Wait, Replace }

/// <summary>What a dependent does when an agent of its <c>after</c> list stops running.</summary>
public enum OnDependencyLost { Ignore, Restart, Stop }

/// <summary>One rung of the ladder for a stalled agent.</summary>
public enum StallStep { Nudge, Resume, Alert }

public sealed record AgentOptions
{
    public const string NamePattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$";

    public const string NameHint = "letters, digits, '.', '_' and '-', starting with a letter or digit, at most 63";

    [Required, RegularExpression(NamePattern, ErrorMessage = NameHint), Description("The agent's name in every command, log and branch.")]
    public string Id { get; init; } = "";

    [MaxLength(200), Description("What a person calls it.")]
    public string Name { get; init; } = "";

    [Required, Description("How the agent is started, resumed, read and stopped.")]
    public AgentKind? Kind { get; init; }

    [Description("Kind command: argv. Other kinds: replaces the program.")]
    public IReadOnlyList<string> Command { get; init; } = [];

    [Description("Appended to the command line.")]
    public IReadOnlyList<string> Args { get; init; } = [];

    [Description("The repository the agent works in.")]
    public string Repository { get; init; } = "";

    [RegularExpression("^(worktree|none|/.*)$", ErrorMessage = "worktree, none, or an absolute path")]
    [Description("worktree, none, or an absolute path.")]
    public string Workspace { get; init; } = "worktree";

    [Description("Prompt file, relative to the configuration file that names it.")]
    public string Prompt { get; init; } = "";

    [Description("Model; empty: the kind's own.")]
    public string Model { get; init; } = "";

    [Description("Model used in economy mode.")]
    public string EconomyModel { get; init; } = "";

    [RegularExpression(@"^[^=\x00-\x1f]+$", ErrorMessage = "a name without '=' and control characters"), Description("Literal environment values.")]
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    [RegularExpression(@"^[^=\x00-\x1f]+$", ErrorMessage = "a name without '=' and control characters")]
    [Description("Names passed on from the daemon's environment; nothing else is inherited.")]
    public IReadOnlyList<string> PassEnv { get; init; } = ["PATH", "HOME", "LANG", "TERM"];

    [Range(1, 1000), Description("Run only when the fleet's phase is among these; empty: always.")]
    public IReadOnlyList<int> Phases { get; init; } = [];

    [Description("Agents that must be running first.")]
    public IReadOnlyList<string> After { get; init; } = [];

    [Description("What happens here when an agent of `after` stops running.")]
    public OnDependencyLost OnDependencyLost { get; init; } = OnDependencyLost.Ignore;

    [Description("A disabled agent is known and never started.")]
    public bool Enabled { get; init; } = true;

    [RegularExpression(@"^(any|role=[A-Za-z0-9._-]{1,63}|[A-Za-z0-9][A-Za-z0-9._-]{0,62})$", ErrorMessage = "any, a node name, or role=ROLE")]
    [Description("any, a node name, or role=ROLE.")]
    public string Node { get; init; } = "any";

    [Description("What happens when the agent's node is lost.")]
    public OnNodeLost OnNodeLost { get; init; } = OnNodeLost.Wait;

    [Description("When and how soon a dead agent comes back.")]
    public RestartOptions Restart { get; init; } = new();

    [Description("When a living agent counts as stalled, and what is done then.")]
    public LivenessOptions Liveness { get; init; } = new();

    [Description("How the agent is asked, and then made, to stop.")]
    public StopOptions Stop { get; init; } = new();

    [Description("What one agent may take.")]
    public LimitOptions Limits { get; init; } = new();
}

public sealed record RestartOptions
{
    [Description("always, on-failure or never.")]
    public RestartWhen Policy { get; init; } = RestartWhen.Always;

    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00"), Description("Delay before the first restart.")]
    public TimeSpan Initial { get; init; } = TimeSpan.FromSeconds(1);

    [Range(1.0, 100.0), Description("Growth of the delay from one failure to the next.")]
    public double Factor { get; init; } = 2;

    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00"), Description("The delay never exceeds this, jitter included.")]
    public TimeSpan Max { get; init; } = TimeSpan.FromMinutes(5);

    [Range(0.0, 1.0), Description("Fraction of the delay by which it is spread.")]
    public double Jitter { get; init; } = 0.2;

    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00"), Description("A run this long resets the delay.")]
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromMinutes(10);

    [Description("How many failures in how short a time are a crash loop.")]
    public CrashLoopOptions CrashLoop { get; init; } = new();

    [Range(0, 255), Description("Exit codes that end the agent as failed.")]
    public IReadOnlyList<int> PreventExitCodes { get; init; } = [];
}

public sealed record CrashLoopOptions
{
    [Range(1, 1000), Description("Failures within the window.")]
    public int Failures { get; init; } = 5;

    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00"), Description("The sliding window.")]
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(10);

    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00"), Description("How often a crash-looping agent is tried again; 0: a person must start it.")]
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromHours(1);
}

public sealed record LivenessOptions
{
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00"), Description("A run that shows no sign of life for this long after its start has failed to start.")]
    public TimeSpan StartWithin { get; init; } = TimeSpan.FromSeconds(60);

    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00"), Description("An agent none of whose signals moved for this long is stalled.")]
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromMinutes(15);

    [Description("The ladder: nudge, resume, alert.")]
    public IReadOnlyList<StallStep> OnStall { get; init; } = [StallStep.Nudge, StallStep.Resume];

    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00"), Description("Grace between an agent's result and its exit.")]
    public TimeSpan LingerAfter { get; init; } = TimeSpan.FromSeconds(60);
}

public sealed record StopOptions
{
    [RegularExpression("^SIG(HUP|INT|QUIT|TERM|USR1|USR2)$", ErrorMessage = "SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1 or SIGUSR2"), Description("The signal that asks.")]
    public string Signal { get; init; } = "SIGTERM";

    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00"), Description("Time to comply before SIGKILL.")]
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00"), Description("Time for SIGKILL to work before the agent is stuck.")]
    public TimeSpan Kill { get; init; } = TimeSpan.FromSeconds(5);
}

public sealed record LimitOptions
{
    [Description("Memory of the whole tree; empty: none.")]
    public ByteSize? Memory { get; init; }

    [Range(0, 1_000_000), Description("Processes of the whole tree; 0: none.")]
    public int Pids { get; init; }

    [Description("Log bytes kept.")]
    public ByteSize Logs { get; init; } = new(1L << 30);

    [Range(1, 100_000), Description("Runs kept.")]
    public int Runs { get; init; } = 20;
}
