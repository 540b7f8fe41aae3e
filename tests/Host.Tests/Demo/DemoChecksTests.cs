using Supervisor.Host.Demo;

namespace Supervisor.Host.Tests.Demo;

public sealed class DemoChecksTests
{
    [Fact]
    public void All_of_a_good_demo_holds()
    {
        var findings = DemoChecks.All(DemoStory.Good);
        Assert.All(findings, f => Assert.True(f.Held, f.ToString()));
        Assert.All(findings, f => Assert.StartsWith("ok      ", f.ToString(), StringComparison.Ordinal));
        Assert.Equal(8, findings.Count);
    }

    [Fact]
    public void Nothing_of_an_empty_demo_holds()
    {
        var empty = DemoStory.Good with
        {
            Events = [],
            Branches = new Dictionary<string, DemoBranch>(),
            Rescues = [],
            StubbornOutput = "",
            DaemonExit = null,
        };
        Assert.All(DemoChecks.All(empty), f => Assert.False(f.Held, f.ToString()));
    }

    [Fact]
    public void A_commit_that_the_remote_lacks_is_named() =>
        Fails(DemoChecks.Commits(DemoStory.Branch("A1", "A1 work 1", "A1 work 2")), "the remote lacks A1 work 3");

    [Fact]
    public void A_commit_that_is_on_the_remote_twice_is_a_fault() =>
        Fails(DemoChecks.Commits(DemoStory.Branch("A2", "A2 work 1", "A2 work 2", "A2 work 2")), "the remote holds");

    [Fact]
    public void A_gap_in_the_numbers_is_a_fault()
    {
        var facts = DemoStory.Good;
        var gap = new DemoBranch(["A3 work 1", "A3 work 3"], ["A3 work 1", "A3 work 3"]);
        Fails(DemoChecks.Commits(facts with { Branches = new Dictionary<string, DemoBranch>(facts.Branches) { ["A3"] = gap } }), "A3 numbered its work");
    }

    [Fact]
    public void A_stubborn_agent_that_was_not_killed_for_its_grace_is_a_fault() => Fails(
        DemoChecks.Stubborn(DemoStory.Changed("stubborn", "agent.exited", new { signal = 9, by = "external", reason = "signalled" })), "not killed for want of an end");

    [Fact]
    public void A_kill_before_the_grace_is_over_is_a_fault() => Fails(
        DemoChecks.Stubborn(DemoStory.Good.With(events => events.Select(e => e.Agent == "stubborn" && e.Type == "agent.exited" ? e with { At = e.At.AddSeconds(-1) } : e))), "before its grace was over");

    [Fact]
    public void A_SIGTERM_that_never_came_is_a_fault() =>
        Fails(DemoChecks.Stubborn(DemoStory.Good with { StubbornOutput = "busy\n" }), "never saw SIGTERM");

    [Fact]
    public void A_stop_that_nobody_recorded_is_a_fault() => Fails(DemoChecks.Stubborn(DemoStory.Without("stubborn", "agent.stopped")), "never recorded as stopped");

    [Fact]
    public void A_finished_agent_that_runs_again_is_a_fault() =>
        Fails(DemoChecks.Finished(DemoStory.Good.With(events => events.Append(DemoStory.Event(3, "finisher", "agent.run-decided", 2)))), "2 runs instead of one");

    [Fact]
    public void A_finished_agent_must_be_completed() => Fails(DemoChecks.Finished(DemoStory.Without("finisher", "agent.completed")), "not recorded as completed");

    [Fact]
    public void A_finished_agents_commit_must_be_on_the_remote() => Fails(DemoChecks.Finished(DemoStory.Branch("finisher")), "not on the remote");

    [Theory, InlineData(1), InlineData(null)]
    public void A_daemon_that_does_not_end_in_order_is_a_fault(int? exit) => Assert.False(DemoChecks.DaemonEnded(DemoStory.Good with { DaemonExit = exit }).Held);

    [Fact]
    public void A_process_that_is_left_is_named() =>
        Fails(DemoChecks.NothingLeft(DemoStory.Good with { Left = [new DemoProcess(4242, "sleep 100000")] }), "pid 4242 is left: sleep 100000");

    [Fact]
    public void The_verdicts_are_one_json_document() => Assert.Equal(
        """{"held":false,"checks":[{"what":"a","held":true,"evidence":"b"},{"what":"c","held":false,"evidence":"d"}]}""",
        DemoReport.Of([new("a", true, "b"), new("c", false, "d")]).ToJson());

    internal static void Fails(DemoFinding finding, string why)
    {
        Assert.False(finding.Held, finding.ToString());
        Assert.StartsWith("FAILED  ", finding.ToString(), StringComparison.Ordinal);
        Assert.Contains(why, finding.Evidence, StringComparison.Ordinal);
    }
}
