using Supervisor.Messages.Agents;
using static Supervisor.Host.Tests.Configuration.Loading;

namespace Supervisor.Host.Tests.Configuration;

/// <summary>Values are taken as they are written.</summary>
public sealed class LiteralTests
{
    private static AgentOptions Agent(string rest) => Fleet("agents:\n  - id: a\n    kind: command\n" + rest).Agents.Single().Options;

    [Fact]
    public void Dollar_percent_quote_newline_and_other_scripts_reach_the_agent_unchanged()
    {
        var agent = Agent("    command: [sh, '${HOME} %d %% \"q\" ''s''', \"a\\nb\\t\\\\\", 'grüße 日本', no, on, 007, 1.10, null, ~]\n    env: { A: '$B', C: yes, D: \"\", E: 0x1F }\n");
        Assert.Equal(["sh", "${HOME} %d %% \"q\" 's'", "a\nb\t\\", "grüße 日本", "no", "on", "007", "1.10", "null", "~"], agent.Command);
        Assert.Equal([("A", "$B"), ("C", "yes"), ("D", ""), ("E", "0x1F")], agent.Env.Select(e => (e.Key, e.Value)));
    }

    [Fact]
    public void A_block_of_text_keeps_its_lines() =>
        Assert.Equal(["sh", "-c", "one\ntwo\n"], Agent("    command:\n      - sh\n      - -c\n      - |\n        one\n        two\n").Command);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("\"1d\"", 86_400_000)]
    public void A_duration_has_a_unit_or_is_zero(string written, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Agent($"    command: [x]\n    restart: {{ initial: 0, stableAfter: {written} }}\n").Restart.StableAfter);

    [Theory]
    [InlineData("\"\"", null)]
    [InlineData("0", null)]
    [InlineData("64KiB", 65_536L)]
    [InlineData("10MiB", 10_485_760L)]
    [InlineData("5GiB", 5_368_709_120L)]
    public void An_empty_or_zero_limit_is_none(string written, long? bytes) =>
        Assert.Equal(bytes, Agent($"    command: [x]\n    limits: {{ memory: {written} }}\n").Limits.Memory?.Bytes);

    [Fact]
    public void Own_keys_win_over_merged_ones_and_earlier_merges_over_later()
    {
        var fleet = Fleet("""
            agents:
              - &one { id: a, kind: command, command: [one], name: One, phases: [1] }
              - &two { id: b, kind: command, command: [two], model: m2 }
              - { <<: [*one, *two], id: c, phases: [2] }
            """);
        var c = fleet.Agents[2].Options;
        Assert.Equal(("c", "One", "m2"), (c.Id, c.Name, c.Model));
        Assert.Equal(["one"], c.Command);
        Assert.Equal([2], c.Phases);
    }

    [Fact]
    public void Only_three_placeholders_of_a_prompt_are_replaced()
    {
        using var folder = new TempFolder();
        folder.Write("p.md", "{{agent.id}} {{agent.name}} {{fleet.phase}} {{other}} ${X} {{ agent.id }}");
        var fleet = Good(folder.Write("f.yaml", "phase: 2\nagents: [{ id: a, name: '{{agent.id}}', kind: codex, prompt: p.md }]\n"));
        Assert.Equal("a {{agent.id}} 2 {{other}} ${X} {{ agent.id }}", fleet.Agents.Single().Prompt);
    }

    [Theory]
    [InlineData(null, "f.yaml:1:40: cannot read the prompt file 'p.md' (p.md): there is no such file")]
    [InlineData(" \n", "f.yaml:1:40: the prompt file 'p.md' is empty")]
    public void A_prompt_that_says_nothing_is_a_mistake(string? text, string expected)
    {
        using var folder = new TempFolder();
        if (text is not null)
        {
            folder.Write("p.md", text);
        }
        Assert.Equal([expected], Errors(folder, folder.Write("f.yaml", "agents: [{ id: a, kind: codex, prompt: p.md }]\n")));
    }
}
