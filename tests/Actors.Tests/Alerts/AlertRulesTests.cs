using Supervisor.Actors.Alerts;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Alerts;
using Supervisor.Messages.Events;
using Supervisor.Messages.Repositories;

namespace Supervisor.Actors.Tests.Alerts;

public sealed class AlertRulesTests
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly AgentId A1 = new("A1");
    private static readonly RepositoryId App = new("app");

    [Fact]
    public void A_crash_loop_is_raised_under_a_key_of_the_agent()
    {
        var raised = AlertRules.Raised(new AgentProtocol.CrashLoopEntered(A1, 5, null, 5, "exit 1", RestartHistory.None, T0));
        Assert.Equal("agent/A1/crash-loop", raised!.Key);
        Assert.Equal(AlertLevel.Warning, raised.Level);
    }

    [Fact]
    public void A_start_by_a_person_ends_every_alert_of_the_agent_and_of_no_other()
    {
        var closed = AlertRules.Closed(new AgentProtocol.HistoryReset(A1, "operator", T0))!;
        Assert.True(AlertRules.Ends(closed, "agent/A1/crash-loop"));
        Assert.False(AlertRules.Ends(closed, "agent/A10/crash-loop"));
        Assert.False(AlertRules.Ends(closed, "push/app/A1"));
    }

    [Fact]
    public void A_retry_of_a_crash_loop_leaves_its_alert_open() =>
        Assert.NotEqual("agent/A1/", AlertRules.Closed(new AgentProtocol.AgentStarted(A1, 6, 42, false, T0, T0)));

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Only_a_permanent_refusal_calls_a_person(bool permanent, bool raised) =>
        Assert.Equal(raised, AlertRules.Raised(new RepositoryProtocol.PushRefused(App, A1, "c0ffee", RefusalClass.ProtectedBranch, permanent, "GH006", T0)) is not null);

    [Fact]
    public void What_is_raised_by_a_refusal_is_ended_by_a_push_of_the_same_agent()
    {
        var raised = AlertRules.Raised(new RepositoryProtocol.PushRefused(App, A1, "c0ffee", RefusalClass.WorkflowScope, true, "scope", T0))!;
        Assert.True(AlertRules.Ends(AlertRules.Closed(new RepositoryProtocol.WorkPushed(App, A1, "d00d", "refs/heads/agents/A1", 1, T0))!, raised.Key));
    }

    [Fact]
    public void A_suspect_sweep_is_over_when_a_later_one_can_be_believed()
    {
        var raised = AlertRules.Raised(new NodeEvent(NodeEventTypes.MassDeathSuspected, null, new Dictionary<string, string>(), ["6 of 7"]))!;
        Assert.True(AlertRules.Ends(AlertRules.Closed(new NodeEvent(NodeEventTypes.MassDeathOver, null, new Dictionary<string, string>(), []))!, raised.Key));
    }
}
