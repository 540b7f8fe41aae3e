using System.Text;

namespace Supervisor.Benchmarks.Measuring;

/// <summary>One table, aligned for a terminal and valid as Markdown.</summary>
sealed class Table(string title, params string[] columns)
{
    readonly List<string[]> _rows = [];

    public string Title { get; } = title;

    public void Add(params string[] cells) => _rows.Add([.. cells, .. Enumerable.Repeat("–", columns.Length - cells.Length)]);

    public override string ToString()
    {
        var widths = columns.Select((c, i) => _rows.Select(r => r[i].Length).Append(c.Length).Max()).ToArray();
        var text = new StringBuilder($"### {Title}\n\n");
        Line(columns);
        Line([.. widths.Select((w, i) => i == 0 ? new string('-', w) : new string('-', w - 1) + ":")]);
        foreach (var row in _rows) Line(row);
        return text.ToString();

        void Line(string[] cells) =>
            text.Append("| ").AppendJoin(" | ", cells.Select((c, i) => i == 0 ? c.PadRight(widths[i]) : c.PadLeft(widths[i]))).Append(" |\n");
    }
}
