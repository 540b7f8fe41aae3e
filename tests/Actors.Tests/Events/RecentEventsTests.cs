using System.Text.Json;
using Supervisor.Actors.Events;

namespace Supervisor.Actors.Tests.Events;

public sealed class RecentEventsTests
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static EventEntry Entry(int second, string? agent = "A1", string data = "{}") =>
        new(second, T0.AddSeconds(second).AddTicks(7), "agent.exited", "n1", JsonDocument.Parse(data).RootElement, agent, 1);

    [Fact]
    public void What_a_record_says_again_is_logged_once_although_the_file_keeps_only_milliseconds()
    {
        var recent = new RecentEvents(10);
        Assert.True(recent.Add(Entry(1)));
        Assert.False(recent.Add(Entry(1) with { At = T0.AddSeconds(1), Seq = 99 }));
    }

    [Fact]
    public void Two_events_of_one_moment_that_differ_are_two() =>
        Assert.Equal([true, true], new[] { """{"code":1}""", """{"code":2}""" }.Select(Adder(new RecentEvents(10))));

    [Fact]
    public void An_event_without_an_agent_is_never_said_again()
    {
        var recent = new RecentEvents(10);
        Assert.True(recent.Add(Entry(1, agent: null)));
        Assert.True(recent.Add(Entry(1, agent: null)));
    }

    [Fact]
    public void What_is_older_than_memory_reaches_was_logged_long_ago()
    {
        var recent = new RecentEvents(2);
        for (var i = 1; i <= 4; i++) Assert.True(recent.Add(Entry(i)));
        Assert.False(recent.Add(Entry(1)));
    }

    private static Func<string, bool> Adder(RecentEvents recent) => data => recent.Add(Entry(1, data: data));
}
