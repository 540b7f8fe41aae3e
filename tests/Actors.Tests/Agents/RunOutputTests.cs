using System.Text;
using Supervisor.Actors.Agents;
using Supervisor.Actors.Agents.Kinds;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Agents;

public sealed class RunOutputTests
{
    private const string Result = """{"type":"result","subtype":"success","is_error":false,"result":"done","session_id":"s"}""" + "\n";
    private static readonly DateTimeOffset T0 = Scene.T0;

    private readonly FakeRunFiles _files = new();

    private RunOutput Output(AgentKind kind = AgentKind.ClaudeCode, bool adopted = false) => new(_files, new AgentId("A1"), 1, AgentKinds.For(kind), null, adopted);

    private void Print(RunOutput output, string text)
    {
        _files.Stdout = [.. _files.Stdout, .. Encoding.UTF8.GetBytes(text)];
        output.Written(_files.Stdout.Length, 0);
    }

    private static List<AgentReport> ReadAll(RunOutput output)
    {
        var all = new List<AgentReport>();
        for (var more = true; more;)
        {
            more = output.Read(T0, out var reports);
            all.AddRange(reports);
        }

        return all;
    }

    [Fact]
    public void A_line_means_something_once_it_is_whole()
    {
        var output = Output();
        Print(output, Result[..20]);
        Assert.Empty(ReadAll(output));
        Print(output, Result[20..]);
        Assert.Single(ReadAll(output).OfType<AgentReport.Result>());
        Assert.True(output.AllRead);
    }

    [Fact]
    public void Much_output_is_read_a_bounded_piece_at_a_time()
    {
        var output = Output();
        Print(output, new string('x', 3 << 20) + "\n" + Result);
        Assert.True(output.Read(T0, out _));
        Assert.False(output.AllRead);
        Assert.Single(ReadAll(output).OfType<AgentReport.Result>());
    }

    [Fact]
    public void The_distant_past_of_an_adopted_run_is_not_read_again()
    {
        var output = Output(adopted: true);
        Print(output, Result + new string('x', 2 << 20) + "\n" + Result);
        Assert.Single(ReadAll(output).OfType<AgentReport.Result>());
    }

    [Fact]
    public void Output_that_was_cut_off_under_us_is_not_waited_for()
    {
        var output = Output();
        output.Written(1000, 0);
        Assert.False(output.Read(T0, out _));
        Assert.True(output.AllRead);
    }

    [Fact]
    public void A_plain_command_is_counted_and_not_read()
    {
        var output = Output(AgentKind.Command);
        Print(output, Result);
        Assert.Empty(ReadAll(output));
        Assert.Equal((_files.Stdout.Length, 0L, true), (output.StdoutBytes, output.ParsedEvents, output.AllRead));
    }

    [Fact]
    public void Totals_never_fall()
    {
        var output = Output();
        output.Written(10, 5);
        output.Written(3, 9);
        Assert.Equal((10, 9), (output.StdoutBytes, output.StderrBytes));
    }

    [Fact]
    public void That_it_spoke_is_told_at_most_every_two_seconds()
    {
        var output = Output();
        Assert.Null(output.Spoke(T0));
        Assert.Equal(TimeSpan.FromSeconds(1.5), output.Spoke(T0.AddSeconds(0.5)));
        Assert.Null(output.Spoke(T0.AddSeconds(2)));
    }
}
