using System.Globalization;

namespace Supervisor.Benchmarks;

/// <summary>The command line: [restart|idle|stop|ready|status|all ...] [--agents N] [--kills N] [--peers A,B] [--seconds N] [--host DIR] [--write].</summary>
sealed record Options
{
    public const string Usage = """
        dotnet run -c Release --project tests/Benchmarks -- [ready|idle|status|restart|stop|all ...]
          --agents N     agents of every supervisor (200)
          --kills N      agents killed, one at a time (200)
          --seconds N    how long an idle fleet is watched (60)
          --peers LIST   of supervisord,s6,pm2 (all); "none": ours and the floor
          --host DIR     a published src/Host to measure, instead of publishing it now
          --write        the tables into docs/benchmarks.md
        """;

    static readonly string[] Known = ["ready", "idle", "status", "restart", "stop"];

    public HashSet<string> Benchmarks { get; private set; } = [.. Known];
    public int Agents { get; private set; } = 200;
    public int Kills { get; private set; } = 200;
    public int Seconds { get; private set; } = 60;
    public string[] Peers { get; private set; } = ["supervisord", "s6", "pm2"];
    public string? Host { get; private set; }
    public bool Write { get; private set; }

    /// <summary>Null: not understood.</summary>
    public static Options? Parse(string[] arguments)
    {
        var options = new Options();
        var named = new HashSet<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            var word = arguments[i];
            if (word == "--write") options.Write = true;
            else if (Known.Contains(word)) named.Add(word);
            else if (word == "all") named.UnionWith(Known);
            else if (i + 1 >= arguments.Length || !options.Take(word, arguments[++i])) return null;
        }

        if (named.Count > 0) options.Benchmarks = named;
        return options;
    }

    bool Take(string name, string value)
    {
        switch (name)
        {
            case "--agents" when Number(value) is { } n:
                Agents = n;
                return true;
            case "--kills" when Number(value) is { } n:
                Kills = n;
                return true;
            case "--seconds" when Number(value) is { } n:
                Seconds = n;
                return true;
            case "--peers":
                Peers = value == "none" ? [] : value.Split(',');
                return true;
            case "--host":
                Host = Path.GetFullPath(value);
                return true;
            default:
                return false;
        }
    }

    static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : null;
}
