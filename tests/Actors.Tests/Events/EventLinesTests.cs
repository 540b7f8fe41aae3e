using System.Text;
using Supervisor.Actors.Events;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Events;

namespace Supervisor.Actors.Tests.Events;

public sealed class EventLinesTests
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly AgentId A1 = new("A1");

    [Fact]
    public void An_exit_is_one_flat_line()
    {
        var exited = new AgentProtocol.AgentExited(A1, new RunExit(2, 1, null, EndedBy.Agent, "crashed", T0), TimeSpan.FromSeconds(3), T0);
        Assert.Equal(
            """{"seq":17,"at":"2026-11-23T12:00:00.000Z","type":"agent.exited","node":"n1","agent":"A1","run":2,"data":{"code":1,"signal":null,"by":"agent","reason":"crashed","ranFor":"00:00:03"}}""",
            Line(exited));
    }

    [Fact]
    public void Evidence_stands_apart_from_the_data()
    {
        var stuck = new AgentProtocol.AgentStuck(A1, 2, ["pid 7 is in state D"], T0);
        Assert.EndsWith("\"run\":2,\"data\":{},\"evidence\":[\"pid 7 is in state D\"]}", Line(stuck), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_belongs_to_the_run_it_follows()
    {
        var planned = new AgentProtocol.RestartPlanned(A1, 4, T0, TimeSpan.FromSeconds(1), 1, "crashed", RestartHistory.None, T0);
        Assert.Equal(4, EventLines.Describe(planned, 1, "n1", T0)!.Run);
    }

    [Fact]
    public void A_node_event_has_the_time_it_arrived_and_no_empty_parts()
    {
        var started = new NodeEvent(NodeEventTypes.DaemonStarted, null, new Dictionary<string, string> { ["pid"] = "7" }, []);
        Assert.Equal("""{"seq":17,"at":"2026-11-23T12:00:00.000Z","type":"daemon.started","node":"n1","data":{"pid":"7"}}""", Line(started));
    }

    [Fact]
    public void A_condition_is_no_event() =>
        Assert.Null(EventLines.Describe(new AgentProtocol.Remove(A1), 1, "n1", T0));

    [Fact]
    public void A_line_is_read_as_it_was_written()
    {
        var line = Line(new AgentProtocol.AgentStuck(A1, 2, ["a \"b\"\nc"], T0));
        Assert.DoesNotContain('\n', line);
        Assert.Equal(line, Encoding.UTF8.GetString(EventLines.Write(EventLines.Read(Encoding.UTF8.GetBytes(line))!)));
    }

    private static string Line(object e) => Encoding.UTF8.GetString(EventLines.Write(EventLines.Describe(e, 17, "n1", T0)!));
}
