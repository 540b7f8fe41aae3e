using System.Text;

namespace Supervisor.FakeAgent;

/// <summary>Does what the words say, one after the other; at the end of the script the program exits 0.</summary>
internal sealed class Interpreter(Invocation invocation)
{
    private static readonly Dictionary<string, Action<Interpreter, Script>> Verbs =
        new[] { OutputVerbs.All, TimeVerbs.All, ProcessVerbs.All, FileVerbs.All, GitVerbs.All, ClaudeVerbs.All, OtherAgentVerbs.All }
            .SelectMany(verbs => verbs).ToDictionary(verb => verb.Key, verb => verb.Value);

    private readonly Lock _writing = new();
    private StreamReader? _input;

    public Invocation Invocation => invocation;

    public void Run(IReadOnlyList<string> words)
    {
        for (var script = new Script(words); !script.Ended;)
        {
            var word = script.Word();
            if (!Verbs.TryGetValue(word, out var verb))
            {
                throw new FormatException($"no verb: {word}");
            }

            verb(this, script);
        }
    }

    public void Out(string text) => Write(1, Encoding.UTF8.GetBytes(text));

    public void Write(int fd, byte[] bytes)
    {
        lock (_writing)
        {
            Libc.WriteAll(fd, bytes);
        }
    }

    /// <summary>The next line of standard input; null at its end.</summary>
    public string? ReadLine() => (_input ??= new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false))).ReadLine();

    public static void Exit(int code)
    {
        Witness.End();
        Libc.ExitNow(code);
    }
}
