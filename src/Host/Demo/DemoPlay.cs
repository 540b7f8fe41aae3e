using Supervisor.Actors.Events;

namespace Supervisor.Host.Demo;

internal sealed class DemoFailedException(string message) : Exception(message);

/// <summary>Plays the demo against a running daemon: watches, and stops the stubborn agent half-way.</summary>
internal sealed class DemoPlay(DemoClient client, DemoDaemon daemon, TimeSpan length)
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);

    /// <summary>On a busy machine things take longer; the demo waits so much more for what it wants to show.</summary>
    private static readonly TimeSpan Overtime = TimeSpan.FromSeconds(45);

    private readonly List<EventEntry> _events = [];

    public async Task UntilReadyAsync(CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await client.IsReadyAsync(cancel))
        {
            if (daemon.HasExited) throw new DemoFailedException("the daemon ended before it was ready");
            if (TimeProvider.System.GetElapsedTime(began) > ReadyWithin) throw new DemoFailedException($"the daemon was not ready after {ReadyWithin.TotalSeconds:0} s");
            await Task.Delay(100, cancel);
        }
    }

    public async Task WatchAsync(Action<DemoScene> show, CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        Task? stopping = null;
        while (true)
        {
            var elapsed = TimeProvider.System.GetElapsedTime(began);
            if (elapsed >= length / 2) stopping ??= client.StopAgentAsync(DemoCast.Stubborn, cancel);
            if (daemon.HasExited) throw new DemoFailedException("the daemon ended in the middle of the demo");
            var news = await client.NewEventsAsync(cancel);
            _events.AddRange(news);
            show(new DemoScene(elapsed, length, await client.AgentsAsync(cancel), news, DemoProgress.Pushed(_events)));
            if (elapsed >= length + Overtime || (elapsed >= length && DemoProgress.IsComplete(_events))) break;
            await Task.Delay(Frame, cancel);
        }

        if (stopping is not null) await stopping;
    }
}

/// <summary>How far a demo has come, by its events.</summary>
internal static class DemoProgress
{
    public static IReadOnlyDictionary<string, int> Pushed(IEnumerable<EventEntry> events) =>
        events.Where(e => e.Type == "work.pushed" && e.Agent is not null).GroupBy(e => e.Agent!).ToDictionary(g => g.Key, g => g.Sum(e => e.Number("commits") ?? 0));

    /// <summary>Whether all that the demo means to show has been seen; whether it went well is judged later.</summary>
    public static bool IsComplete(IReadOnlyCollection<EventEntry> events) =>
        Count(events, DemoCast.Crasher, "agent.restart-planned") >= 2
        && Count(events, DemoCast.Broken, "agent.crash-loop-entered") > 0
        && Count(events, DemoCast.Hanger, "agent.stalled") > 0
        && Count(events, DemoCast.Hanger, "work.pushed") > 0
        && Count(events, DemoCast.Stubborn, "agent.stopped") > 0
        && Count(events, DemoCast.Finisher, "agent.completed") > 0
        && DemoCast.Committers.All(id => Count(events, id, "work.pushed") > 0);

    private static int Count(IReadOnlyCollection<EventEntry> events, string agent, string type) => events.Count(e => e.Agent == agent && e.Type == type);
}
