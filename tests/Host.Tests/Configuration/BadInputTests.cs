using System.Text;
using static Supervisor.Host.Tests.Configuration.Loading;

namespace Supervisor.Host.Tests.Configuration;

/// <summary>Each mistake has one error, at its place, with its remedy.</summary>
public sealed class BadInputTests
{
    private const string Agent = "agents:\n  - { id: a, kind: command, command: [x]";

    [Theory]
    // Keys.
    [InlineData("agents:\n  - id: a\n    kind: command\n    command: [x]\n    restrat: {}\n", "f.yaml:5:5: unknown key 'restrat'; did you mean 'restart'?")]
    [InlineData("watchdog: { sweeep: 1m }\n", "f.yaml:1:13: unknown key 'sweeep'; did you mean 'sweep'?")]
    [InlineData("watchdog: { zzz: 1m }\n", "f.yaml:1:13: unknown key 'zzz'; known here: sweep, massDeath")]
    [InlineData("Phase: 1\n", "f.yaml:1:1: unknown key 'Phase'; did you mean 'phase'?")]
    [InlineData("phase: 1\nphase: 2\n", "f.yaml:2:1: duplicate key 'phase'; it stands at 1:1 already")]
    [InlineData("? [a]\n: 1\n", "f.yaml:1:3: a key must be text, found a list")]
    [InlineData("agents:\n  - { kind: command, command: [x] }\n", "f.yaml:2:5: missing key 'id': The agent's name in every command, log and branch.")]
    [InlineData("agents:\n  - { id: a, command: [x] }\n", "f.yaml:2:5: missing key 'kind': How the agent is started, resumed, read and stopped.")]
    // Types.
    [InlineData("phase: one\n", "f.yaml:1:8: 'phase' must be a whole number, found 'one'")]
    [InlineData("phase: \"1\"\n", "f.yaml:1:8: 'phase' must be a whole number, found '1' in quotes; remove them")]
    [InlineData("phase: 010\n", "f.yaml:1:8: 'phase' must be a whole number, found '010'")]
    [InlineData("phase: 1.5\n", "f.yaml:1:8: 'phase' must be a whole number, found '1.5'")]
    [InlineData("phase: 99999999999\n", "f.yaml:1:8: 'phase' must be a whole number, found '99999999999'")]
    [InlineData("phase:\n", "f.yaml:1:7: 'phase' must be a whole number, found nothing")]
    [InlineData("http: { readOnly: yes }\n", "f.yaml:1:19: 'readOnly' must be true or false, found 'yes'")]
    [InlineData("http: { readOnly: True }\n", "f.yaml:1:19: 'readOnly' must be true or false, found 'True'")]
    [InlineData("watchdog: { sweep: 10 }\n", "f.yaml:1:20: 'sweep' must be a duration such as 500ms, 10s, 2m, 1h or 3d, found '10'")]
    [InlineData("watchdog: { sweep: 2 m }\n", "f.yaml:1:20: 'sweep' must be a duration such as 500ms, 10s, 2m, 1h or 3d, found '2 m'")]
    [InlineData("watchdog: { sweep: -2m }\n", "f.yaml:1:20: 'sweep' must be a duration such as 500ms, 10s, 2m, 1h or 3d, found '-2m'")]
    [InlineData("watchdog: { massDeath: { share: .nan } }\n", "f.yaml:1:33: 'share' must be a number, found '.nan'")]
    [InlineData(Agent + ", limits: { memory: 5GB } }\n", "f.yaml:2:61: 'memory' must be a size such as 64KiB, 10MiB or 5GiB, found '5GB'")]
    [InlineData("cloud: { reconcile: [25:00] }\n", "f.yaml:1:22: 'reconcile' must be a time of day such as 06:00, found '25:00'")]
    [InlineData("agents:\n  - { id: a, kind: claude, prompt: x }\n", "f.yaml:2:20: 'kind' must be one of claude-code, codex, opencode, gemini, command, found 'claude'")]
    [InlineData("agents:\n  - { id: a, kind: open-code, prompt: x }\n", "f.yaml:2:20: 'kind' must be one of claude-code, codex, opencode, gemini, command, found 'open-code'; did you mean 'opencode'?")]
    [InlineData("agents:\n  - { id: a, kind: command, command: ls }\n", "f.yaml:2:38: 'command' must be a list, found 'ls'")]
    [InlineData("agents:\n", "f.yaml:1:8: 'agents' must be a list, found nothing; write [] for none")]
    [InlineData("agents: {}\n", "f.yaml:1:9: 'agents' must be a list, found a mapping")]
    [InlineData("node: [a]\n", "f.yaml:1:7: 'node' must be a mapping, found a list")]
    [InlineData("node: { name: [a] }\n", "f.yaml:1:15: 'name' must be text, found a list")]
    [InlineData("- a\n", "f.yaml:1:1: the file must be a mapping, found a list")]
    [InlineData("just text\n", "f.yaml:1:1: the file must be a mapping, found 'just text'")]
    [InlineData("phase: !!int 1\n", "f.yaml:1:8: the tag 'tag:yaml.org,2002:int' means nothing here; remove it")]
    // Ranges and patterns.
    [InlineData("phase: -1\n", "f.yaml:1:8: 'phase' is out of range: -1; allowed: 0 to 1000")]
    [InlineData("node: { maxStarts: 0 }\n", "f.yaml:1:20: 'maxStarts' is out of range: 0; allowed: 1 to 1000")]
    [InlineData("cluster: { port: 65536 }\n", "f.yaml:1:18: 'port' is out of range: 65536; allowed: 0 to 65535")]
    [InlineData("watchdog: { sweep: 0 }\n", "f.yaml:1:20: 'sweep' is out of range: 0; allowed: 100ms to 1d")]
    [InlineData("watchdog: { sweep: 999999999d }\n", "f.yaml:1:20: 'sweep' is out of range: 10675199d; allowed: 100ms to 1d")]
    [InlineData(Agent + ", restart: { jitter: 1.1 } }\n", "f.yaml:2:62: 'jitter' is out of range: 1.1; allowed: 0 to 1")]
    [InlineData(Agent + ", phases: [1, 0] }\n", "f.yaml:2:55: 'phases' is out of range: 0; allowed: 1 to 1000")]
    [InlineData("budgets:\n  - { id: b, alerts: [0.5, 0] }\n", "f.yaml:2:28: 'alerts' is out of range: 0; allowed: more than 0 to 10")]
    [InlineData("budgets:\n  - { id: b, daily: -1 }\n", "f.yaml:2:21: 'daily' is out of range: -1; allowed: 0 to 1000000")]
    [InlineData("node: { name: a b }\n", "f.yaml:1:15: 'name' cannot be 'a b'; allowed: letters, digits, '.', '_' and '-', starting with a letter or digit, at most 63")]
    [InlineData("node: { roles: [] }\n", "f.yaml:1:16: 'roles' must not be empty")]
    [InlineData("gateway: { upstreams: { anthropic: { baseUrl: ftp://x } } }\n", "f.yaml:1:47: 'baseUrl' cannot be 'ftp://x'; allowed: http:// or https://, without credentials, query or fragment")]
    [InlineData(Agent + ", stop: { signal: SIGKILL } }\n", "f.yaml:2:59: 'signal' cannot be 'SIGKILL'; allowed: SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1 or SIGUSR2")]
    [InlineData(Agent + ", workspace: here }\n", "f.yaml:2:54: 'workspace' cannot be 'here'; allowed: worktree, none, or an absolute path")]
    [InlineData(Agent + ", env: { A=B: x } }\n", "f.yaml:2:50: 'env' cannot be 'A=B'; allowed: a name without '=' and control characters")]
    [InlineData("repositories:\n  - { id: r, path: ~/app }\n", "f.yaml:2:20: '~/app': '~' is not expanded; write the whole path")]
    [InlineData("repositories:\n  - { id: r, path: /x, branch: --force }\n", "f.yaml:2:32: 'branch' cannot be '--force'; allowed: a name that git accepts, not starting with '-'")]
    // Names (path traversal, control characters).
    [InlineData("agents:\n  - { id: ../x, kind: command, command: [x] }\n", "f.yaml:2:11: 'id' cannot be '../x'; allowed: letters, digits, '.', '_' and '-', starting with a letter or digit, at most 63")]
    [InlineData("agents:\n  - { id: \"a\\nb\", kind: command, command: [x] }\n", "f.yaml:2:11: 'id' holds a control character; remove it")]
    [InlineData(Agent + ", name: \"\\e[31m\" }\n", "f.yaml:2:49: 'name' holds a control character; remove it")]
    [InlineData("agents:\n  - { id: a, kind: command, command: [\"a\\0b\"] }\n", "f.yaml:2:39: 'command' holds U+0000, which no program can be given; remove it")]
    [InlineData("agents:\n  - { id: \"\", kind: command, command: [x] }\n", "f.yaml:2:11: 'id' must not be empty")]
    [InlineData("repositories: [{ id: r, path: /x }]\nagents:\n  - { id: a.lock, kind: command, command: [x], repository: r }\n", "f.yaml:3:11: 'a.lock' cannot be the name of a git branch (agents/a.lock); use no '..' and do not end in '.' or '.lock'")]
    // References and duplicates.
    [InlineData(Agent + " }\n  - { id: a, kind: command, command: [x] }\n", "f.yaml:3:11: duplicate agent id 'a'; it is used first at f.yaml:2:11")]
    [InlineData("agents:\n  - &x { id: a, kind: command, command: [x] }\n  - { <<: *x, name: b }\n", "f.yaml:3:5: duplicate agent id 'a'; it is used first at f.yaml:2:14")]
    [InlineData("repositories: [{ id: r, path: /x }, { id: r, path: /y }]\n", "f.yaml:1:43: duplicate repository id 'r'; it is used first at f.yaml:1:22")]
    [InlineData("budgets: [{ id: b }, { id: b }]\n", "f.yaml:1:28: duplicate budget id 'b'; it is used first at f.yaml:1:17")]
    [InlineData("alerts: { sinks: [{ id: s, kind: file, path: /x }, { id: s, kind: file, path: /y }] }\n", "f.yaml:1:58: duplicate sink id 's'; it is used first at f.yaml:1:25")]
    [InlineData("repositories: [{ id: application, path: /x }]\n" + Agent + ", repository: aplication }\n", "f.yaml:3:55: unknown repository 'aplication'; did you mean 'application'?")]
    [InlineData(Agent + ", repository: r }\n", "f.yaml:2:55: unknown repository 'r'; add it under 'repositories'")]
    [InlineData(Agent + ", after: [a1] }\n", "f.yaml:2:51: unknown agent 'a1'; did you mean 'a'?")]
    [InlineData("budgets:\n  - { id: b, scope: agents, agents: [zz] }\n", "f.yaml:2:38: unknown agent 'zz'; add it under 'agents'")]
    [InlineData("repairs: { gates: [{ repository: r, run: [x] }] }\n", "f.yaml:1:34: unknown repository 'r'; add it under 'repositories'")]
    [InlineData(Agent + ", after: [a] }\n", "f.yaml:2:50: cycle in 'after': a -> a; each would wait for the next for ever")]
    [InlineData(Agent + ", after: [c] }\n  - { id: b, kind: command, command: [x], after: [a] }\n  - { id: c, kind: command, command: [x], after: [b] }\n", "f.yaml:2:50: cycle in 'after': a -> c -> b -> a; each would wait for the next for ever")]
    // Settings that need each other.
    [InlineData("agents:\n  - { id: a, kind: command }\n", "f.yaml:2:5: agent 'a' of kind command needs 'command', e.g. [sh, -c, 'echo hello']")]
    [InlineData("agents:\n  - { id: a, kind: command, command: [\"\"] }\n", "f.yaml:2:39: the first item of 'command' is the program, and must not be empty")]
    [InlineData("agents:\n  - { id: a, kind: codex }\n", "f.yaml:2:5: agent 'a' of kind codex needs 'prompt', a file relative to this one")]
    [InlineData(Agent + ", workspace: worktree }\n", "f.yaml:2:54: agent 'a' has no 'repository' to make a worktree of; name one, or write workspace: none")]
    [InlineData(Agent + ", restart: { initial: 10m } }\n", "f.yaml:2:63: 'initial' (10m) is longer than 'max' (5m)")]
    [InlineData("repositories:\n  - { id: r }\n", "f.yaml:2:5: repository 'r' needs 'path', a clone on this machine, or 'url'")]
    [InlineData("http: { listen: \"0.0.0.0:8558\" }\n", "f.yaml:1:17: 0.0.0.0:8558 is not loopback; name a 'tokenFile' of mode 0600, or listen on 127.0.0.1")]
    [InlineData("http: { listen: \"off\" }\n", "f.yaml:1:17: 'listen' cannot be 'off'; write host:port, e.g. 127.0.0.1:8558")]
    [InlineData("http: { listen: \"localhost:70000\" }\n", "f.yaml:1:17: 'listen' cannot be 'localhost:70000'; write host:port, e.g. 127.0.0.1:8558")]
    [InlineData("http: { listen: \"127.0.0.1:8787\" }\n", "f.yaml:1:17: 127.0.0.1:8787 is both http.listen and gateway.listen; they are two listeners")]
    [InlineData("cluster: { host: 10.0.0.1 }\n", "f.yaml:1:18: '10.0.0.1' is not loopback; give 'tls' a certificate, key and ca")]
    [InlineData("cluster: { tls: { key: /k } }\n", "f.yaml:1:17: 'certificate', 'key' and 'ca' are needed together: the TLS is mutual")]
    [InlineData("persistence: { provider: postgres }\n", "f.yaml:1:26: provider postgres needs 'connection'")]
    [InlineData("gateway: { prices: /nowhere/prices.json }\n", "f.yaml:1:20: the price file /nowhere/prices.json does not exist")]
    [InlineData("agents: [{ id: a, kind: command, command: [x] }]\nbudgets: [{ id: b, agents: [a] }]\n", "f.yaml:2:28: 'agents' means nothing with scope fleet; remove it, or write scope: agents")]
    [InlineData("alerts: { sinks: [{ id: s, kind: sns, url: https://x }] }\n", "f.yaml:1:19: sink 's' of kind sns needs 'topic'", "f.yaml:1:44: 'url' means nothing for a sink of kind sns; remove it, or write kind: webhook")]
    [InlineData("repositories: [{ id: r, path: /x }]\nrepairs: { gates: [{ repository: r }] }\n", "f.yaml:2:20: a gate needs either 'run', or 'workflow' and 'job'")]
    [InlineData("repositories: [{ id: r, path: /x }]\nrepairs: { gates: [{ repository: r, workflow: ci.yml }] }\n", "f.yaml:2:20: 'workflow' and 'job' are needed together: a gate is one job of a workflow")]
    // YAML itself.
    [InlineData("", "f.yaml:1:1: the file is empty; write {} for a file without settings")]
    [InlineData("# nothing\n", "f.yaml:1:1: the file is empty; write {} for a file without settings")]
    [InlineData("phase: 1\n---\nphase: 2\n", "f.yaml:2:1: a second document; a configuration is one document, so remove the '---'")]
    [InlineData("phase: *p\n", "f.yaml:1:8: unknown anchor '*p'; an anchor is defined, as &p, before it is used")]
    [InlineData("agents: &a [*a]\n", "f.yaml:1:13: '*a' stands inside the anchor that it names")]
    [InlineData("node: { <<: 5 }\n", "f.yaml:1:13: '<<' merges mappings, found '5'; write <<: *anchor")]
    public void A_mistake_is_told_with_its_place(string yaml, params string[] expected) => Assert.Equal(expected, Errors(yaml));

    [Theory]
    [InlineData("node:\n\tname: a\n", 2, 1)]
    [InlineData("node:\n  name: a\n \tstateDir: /x\n", 3, 2)]
    [InlineData("node: { name: a\n", 2, 1)]
    [InlineData("node: [a\nphase: 1\n", 1, 7)]
    [InlineData("node: { name: \"\\ud800\" }\n", 1, 15)]
    [InlineData("node: { name: \"\\UFFFFFFFF\" }\n", 1, 13)]
    [InlineData("node: \"a\n", 1, 7)]
    [InlineData("node: a: b\n", 1, 8)]
    public void Broken_syntax_is_one_error_with_its_place(string yaml, int line, int column) =>
        Assert.StartsWith($"f.yaml:{line}:{column}: not valid YAML", Assert.Single(Errors(yaml)), StringComparison.Ordinal);

    [Fact]
    public void All_mistakes_are_told_at_once_and_in_the_order_of_the_file()
    {
        var errors = Errors("phase: x\nagents:\n  - { id: a, kind: comand }\n  - { id: a, kind: codex, after: [z], wat: 1 }\nwatchdog: { sweep: 1 }\n");
        Assert.Equal(["1:8", "3:20", "4:5", "4:11", "4:35", "4:39", "5:20"], errors.Select(e => string.Join(':', e.Split(':')[1..3])));
    }

    [Fact]
    public void A_mistake_in_an_anchor_is_told_once() =>
        Assert.Equal(["f.yaml:2:54: 'phases' must be a list, found '1'"],
            Errors("agents:\n  - &x { id: a, kind: command, command: [x], phases: 1 }\n  - { <<: *x, id: b }\n  - { <<: *x, id: c }\n"));

    [Fact]
    public void A_file_that_is_not_UTF8_says_where()
    {
        using var folder = new TempFolder();
        Assert.Equal(["f.yaml:2:8: the file is not UTF-8; save it as UTF-8"], Errors(folder, folder.Write("f.yaml", [.. "phase: 1\n# caf\u00e9 "u8, 0xE9, 0x0A])));
    }

    [Fact]
    public void A_control_character_says_where() =>
        Assert.Equal(["f.yaml:2:5: control character U+0007; remove it, or write it as an escape in double quotes"], Errors("phase: 1\n# ab\u0007\n"));

    [Fact]
    public void A_byte_order_mark_and_Windows_line_ends_do_no_harm()
    {
        using var folder = new TempFolder();
        Assert.Equal(7, Good(folder.Write("f.yaml", [0xEF, 0xBB, 0xBF, .. "phase: 7\r\nagents: []\r\n"u8])).Options.Phase);
    }

    [Fact]
    public void A_file_over_one_mebibyte_is_refused() =>
        Assert.Equal(["f.yaml:1:1: the file is larger than 1MiB; split it and name the parts under 'include'"], Errors(new string('#', (1 << 20) + 1)));

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Equal(["f.yaml:1:73: nested deeper than 64 levels"], Errors("agents: " + new string('[', 100_000)));

    [Fact]
    public void A_bomb_of_aliases_is_refused()
    {
        var yaml = new StringBuilder("node: &a0 { name: x }\n");
        var merged = string.Join(", ", Enumerable.Range(0, 400).Select(i => $"k{i}: 1"));
        yaml.Append($"http: &big {{ {merged} }}\ncluster: {{ <<: [{string.Join(", ", Enumerable.Repeat("*big", 10_000))}] }}\n");
        Assert.Equal(["f.yaml:3:12: the merges of this file expand to too much"], Errors(yaml.ToString()).Where(e => e.Contains("expand", StringComparison.Ordinal)));
    }

    [Fact]
    public void Aliases_that_expand_to_too_many_values_are_refused()
    {
        var agent = "{ id: a, kind: command, command: [" + string.Join(",", Enumerable.Repeat("x", 500)) + "] }";
        var error = Errors($"agents: [&a {agent}, {string.Join(", ", Enumerable.Repeat("*a", 2000))}]\n");
        Assert.Equal(["f.yaml:1:48: the aliases of this file expand to too much"], error.Select(e => e.Replace(e.Split(':')[2], "48", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_missing_file_is_an_error_like_any_other()
    {
        using var folder = new TempFolder();
        Assert.Equal(["none.yaml:1:1: cannot read the file: there is no such file"], Errors(folder, Path.Combine(folder.Root, "none.yaml")));
        Assert.Equal([$"{folder.Root}:1:1: cannot read the file: it is a folder"], Errors(folder, folder.Root));
    }
}
