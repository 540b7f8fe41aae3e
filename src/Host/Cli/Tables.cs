using Spectre.Console;

namespace Supervisor.Host.Cli;

/// <summary>Tables: drawn where somebody watches, plainly aligned where a script reads.</summary>
public static class Tables
{
    public static void Write(CliConsole console, IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var clean = rows.Select(r => r.Select(Line).ToList()).ToList();
        if (console.Terminal)
        {
            Draw(console, head, clean);
            return;
        }

        foreach (var line in Align(head, clean))
        {
            console.Out.WriteLine(line);
        }
    }

    public static IEnumerable<string> Align(IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var all = rows.Prepend(head).ToList();
        var widths = head.Select((_, column) => all.Max(row => row[column].Length)).ToList();
        return all.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>What an agent wrote must neither break a table nor move the cursor.</summary>
    public static string Line(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;

    // Apart, so that a script's call never loads the library.
    private static void Draw(CliConsole console, IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var name in head)
        {
            table.AddColumn(new TableColumn(new Text(name, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell, new Style(Colour(cell)))));
        }

        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(console.Out),
            ColorSystem = console.Color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        }).Write(table);
    }

    private static Color Colour(string word) => word switch
    {
        "running" or "completed" or "ok" or "Up" => Color.Green,
        "crash-loop" or "failed" or "stuck" or "suspect" or "budget-exhausted" or "Down" => Color.Red,
        "backoff" or "waiting" or "stalled" or "lingering" or "pending" or "warning" => Color.Yellow,
        _ => Color.Default,
    };
}
