using System.Globalization;

namespace Supervisor.FakeAgent;

/// <summary>A script's words and the place reached in them. Blocks stand in braces that are words of their own.</summary>
internal sealed class Script(IReadOnlyList<string> words)
{
    private int _next;

    public bool Ended => _next >= words.Count;

    public string Word() => _next < words.Count ? words[_next++] : throw new FormatException("the script ends in the middle of a verb");

    public int Number() => int.Parse(Word(), CultureInfo.InvariantCulture);

    public TimeSpan Duration()
    {
        var word = Word();
        var digits = word.TrimEnd('m', 's', 'h');
        var amount = double.Parse(digits, CultureInfo.InvariantCulture);
        return word[digits.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(amount),
            "s" => TimeSpan.FromSeconds(amount),
            "m" => TimeSpan.FromMinutes(amount),
            "h" => TimeSpan.FromHours(amount),
            _ => throw new FormatException($"no duration: {word}"),
        };
    }

    public int Signal() => Word() switch
    {
        "SIGHUP" => 1,
        "SIGINT" => 2,
        "SIGQUIT" => 3,
        "SIGABRT" => 6,
        "SIGKILL" => Libc.SigKill,
        "SIGSEGV" => 11,
        "SIGTERM" => Libc.SigTerm,
        "SIGSTOP" => Libc.SigStop,
        var other => throw new FormatException($"no signal: {other}"),
    };

    public bool BlockFollows => !Ended && words[_next] == "{";

    public IReadOnlyList<string> Block()
    {
        if (Word() is not "{")
        {
            throw new FormatException($"a block was expected before word {_next}");
        }

        var block = new List<string>();
        for (var depth = 1; ;)
        {
            var word = Word();
            depth += word switch { "{" => 1, "}" => -1, _ => 0 };
            if (depth == 0)
            {
                return block;
            }

            block.Add(word);
        }
    }

    /// <summary>Words of one string: split at white space, kept together in single quotes.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var quoted = text[at] == '\'';
            var from = quoted ? at + 1 : at;
            var to = quoted ? text.IndexOf('\'', from) : from;
            while (!quoted && to < text.Length && !char.IsWhiteSpace(text[to]))
            {
                to++;
            }

            if (to < 0)
            {
                throw new FormatException("a quote is not closed");
            }

            words.Add(text[from..to]);
            at = to + 1;
        }

        return words;
    }
}
