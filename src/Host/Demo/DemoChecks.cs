namespace Supervisor.Host.Demo;

/// <summary>What must hold after a demo, each judged from the facts alone.</summary>
internal static class DemoChecks
{
    public static IReadOnlyList<DemoFinding> All(DemoFacts facts) =>
    [
        Commits(facts),
        DemoRestartChecks.Restarts(facts),
        DemoRestartChecks.CrashLoop(facts),
        DemoStallChecks.Stall(facts),
        Stubborn(facts),
        Finished(facts),
        DaemonEnded(facts),
        NothingLeft(facts),
    ];

    internal static DemoFinding Commits(DemoFacts facts)
    {
        var evidence = string.Join(", ", DemoCast.Committers.Select(id => $"{id} {Branch(facts, id).Remote.Count}")) + " commits on agents/<id> of the remote, numbered without a gap";
        return DemoFinding.Of("every commit is on the remote", evidence, DemoCast.Committers.Select(id => FaultOf(id, Branch(facts, id))));
    }

    /// <summary>Null: the remote holds what the agent committed, numbered from one.</summary>
    private static string? FaultOf(string agent, DemoBranch branch)
    {
        if (branch.Local.Count < 2) return $"{agent} committed {branch.Local.Count} times";
        var expected = Enumerable.Range(1, branch.Local.Count).Select(n => $"{agent} work {n}").ToList();
        if (!branch.Local.SequenceEqual(expected)) return $"{agent} numbered its work {string.Join(", ", branch.Local)}";
        var missing = expected.Except(branch.Remote).ToList();
        if (missing.Count > 0) return $"the remote lacks {string.Join(", ", missing)}";
        return branch.Remote.SequenceEqual(expected) ? null : $"the remote holds {string.Join(", ", branch.Remote)} for {agent}";
    }

    internal static DemoFinding Stubborn(DemoFacts facts)
    {
        const string what = "a child that ignores SIGTERM is stopped";
        var (grace, kill) = (DemoCast.StubbornStop.Grace, DemoCast.StubbornStop.Kill);
        if (facts.Of(DemoCast.Stubborn, "agent.stop-decided") is not [var asked, ..]) return new(what, false, "nobody asked it to stop");
        if (facts.Of(DemoCast.Stubborn, "agent.exited") is not [var exited]) return new(what, false, $"{facts.Of(DemoCast.Stubborn, "agent.exited").Count} exits were recorded instead of one");
        var took = exited.At - asked.At;
        return DemoFinding.Of(
            what,
            $"SIGTERM at {Clock(asked.At)}, SIGKILL after the grace of {grace.Seconds()}, ended after {took.Seconds()}: signal {exited.Text("signal")} by {exited.Text("by")}, {exited.Text("reason")}; it stays stopped",
            facts.StubbornOutput.Contains("SIGTERM came", StringComparison.Ordinal) ? null : "its child never saw SIGTERM",
            exited.Number("signal") == 9 && exited.Text("by") == "supervisor" && exited.Text("reason") == "grace-expired" ? null : "it was not killed for want of an end in its grace",
            took >= grace ? null : "it was killed before its grace was over",
            took <= grace + kill ? null : "it took too long",
            facts.Of(DemoCast.Stubborn, "agent.stopped").Count > 0 ? null : "it was never recorded as stopped",
            OnlyRun(facts, DemoCast.Stubborn));
    }

    internal static DemoFinding Finished(DemoFacts facts)
    {
        var remote = Branch(facts, DemoCast.Finisher).Remote;
        var exit = facts.Of(DemoCast.Finisher, "agent.exited") is [var one] ? one.Text("code") : "unknown";
        return DemoFinding.Of(
            "an agent that finishes stays finished",
            $"exit {exit}, completed, {facts.Of(DemoCast.Finisher, "agent.run-decided").Count} run; on the remote: {string.Join(", ", remote)}",
            exit == "0" ? null : "it did not end with 0",
            facts.Of(DemoCast.Finisher, "agent.completed").Count == 1 ? null : "it was not recorded as completed",
            remote is ["finisher work 1"] ? null : "its commit is not on the remote",
            OnlyRun(facts, DemoCast.Finisher));
    }

    internal static DemoFinding DaemonEnded(DemoFacts facts) => DemoFinding.Of(
        "the daemon stops its agents and ends when it is asked to",
        $"SIGTERM, exit {facts.DaemonExit?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} after {facts.DaemonTook.Seconds()}",
        facts.DaemonExit == 0 ? null : facts.DaemonExit is null ? "it had to be killed" : "it did not end in order");

    internal static DemoFinding NothingLeft(DemoFacts facts)
    {
        var pids = facts.Events.Where(e => e.Type == "agent.started").Select(e => e.Number("pid")).OfType<int>().ToList();
        return DemoFinding.Of(
            "no process is left behind",
            $"{pids.Count} agent processes ran (pids {string.Join(", ", pids)}); {facts.Left.Count} processes belong to the folder now",
            pids.Count > 0 ? null : "no agent ever ran",
            facts.Left.Count == 0 ? null : string.Join(", ", facts.Left.Select(p => $"pid {p.Pid} is left: {p.Command}")));
    }

    internal static string? OnlyRun(DemoFacts facts, string agent) =>
        facts.Of(agent, "agent.run-decided").Count is var runs && runs == 1 ? null : $"it had {runs} runs instead of one";

    private static DemoBranch Branch(DemoFacts facts, string agent) => facts.Branches.GetValueOrDefault(agent) ?? new DemoBranch([], []);

    internal static string Clock(DateTimeOffset at) => at.ToLocalTime().ToString("HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);
}
