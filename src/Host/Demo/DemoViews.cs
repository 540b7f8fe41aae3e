using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Demo;

/// <summary>Where a demo is watched.</summary>
internal interface IDemoView
{
    /// <param name="watch">Plays the demo, and shows each scene as it comes.</param>
    Task PlayAsync(Func<Action<DemoScene>, Task> watch);
}

/// <summary>A line for each event: for pipes and logs.</summary>
internal sealed class PlainView(TextWriter output) : IDemoView
{
    public Task PlayAsync(Func<Action<DemoScene>, Task> watch) => watch(scene =>
    {
        foreach (var e in scene.News)
        {
            if (DemoWords.Line(e) is { } line) output.WriteLine($"{DemoChecks.Clock(e.At)}  {e.Agent,-8}  {line}");
        }

        output.Flush();
    });
}

/// <summary>A table that is drawn in its place, over and over.</summary>
internal sealed class LiveView : IDemoView
{
    private readonly IAnsiConsole _console;

    public LiveView(TextWriter output) => _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(output),
        Ansi = AnsiSupport.Yes,
        // https://no-color.org: set and not empty.
        ColorSystem = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
        Interactive = InteractionSupport.No,
    });

    public Task PlayAsync(Func<Action<DemoScene>, Task> watch) => _console
        .Live(new Text("the fleet starts"))
        .Overflow(VerticalOverflow.Crop)
        .StartAsync(live => watch(scene =>
        {
            live.UpdateTarget(Table(scene, DateTimeOffset.UtcNow));
            live.Refresh();
        }));

    internal static IRenderable Table(DemoScene scene, DateTimeOffset now)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(string.Create(CultureInfo.InvariantCulture,
            $"supervisor demo: {Math.Min(scene.Elapsed.TotalSeconds, scene.Length.TotalSeconds):0} of {scene.Length.TotalSeconds:0} s"));
        table.AddColumns("agent", "what it does", "state");
        foreach (var name in (string[])["run", "restarts"]) table.AddColumn(new TableColumn(name).RightAligned());
        table.AddColumns("last exit", "next start");
        table.AddColumn(new TableColumn("pushed").RightAligned());
        foreach (var (id, part) in DemoCast.All)
        {
            var agent = scene.Agents.FirstOrDefault(a => a.Id.Value == id);
            if (agent is null) table.AddRow(id, part, "", "", "", "", "", "");
            else table.AddRow(
                new Text(id), new Text(part), new Text(Kebab(agent.State), new Style(Colour(agent.State))),
                new Text(Number(agent.Run)), new Text(Number(agent.Restarts)), new Text(DemoWords.Exit(agent.LastExit)),
                new Text(DemoWords.NextStart(agent, now)), new Text(scene.Pushed.TryGetValue(id, out var commits) ? Number(commits) : ""));
        }

        return table;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Kebab(AgentPhase state) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString());

    private static Color Colour(AgentPhase state) => state switch
    {
        AgentPhase.Running or AgentPhase.Completed => Color.Green,
        AgentPhase.Backoff or AgentPhase.Waiting or AgentPhase.Starting or AgentPhase.Pending or AgentPhase.Stopping or AgentPhase.Stopped => Color.Yellow,
        _ => Color.Red,
    };
}
