using System.Diagnostics;

namespace Supervisor.FakeAgent;

internal static class TimeVerbs
{
    public static IReadOnlyDictionary<string, Action<Interpreter, Script>> All { get; } = new Dictionary<string, Action<Interpreter, Script>>
    {
        ["sleep"] = (_, script) => Thread.Sleep(script.Duration()),
        ["sleep-forever"] = (_, _) => Thread.Sleep(Timeout.Infinite),
        ["burn"] = (_, script) => Burn(script.Duration()),
        ["await-file"] = (_, script) => AwaitFile(script.Word()),
        ["forever"] = (me, script) => Forever(me, script.Block()),
        ["times"] = Times,
        ["nth"] = Nth,
    };

    private static void Burn(TimeSpan duration)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < duration;)
        {
            Thread.SpinWait(1000);
        }
    }

    private static void AwaitFile(string path)
    {
        while (!File.Exists(path))
        {
            Thread.Sleep(5);
        }
    }

    private static void Forever(Interpreter me, IReadOnlyList<string> block)
    {
        while (true)
        {
            me.Run(block);
        }
    }

    private static void Times(Interpreter me, Script script)
    {
        var count = script.Number();
        var block = script.Block();
        for (var i = 0; i < count; i++)
        {
            me.Run(block);
        }
    }

    // nth STATEFILE { first start } { second } { all later ones }: one byte is appended for each start.
    private static void Nth(Interpreter me, Script script)
    {
        var path = script.Word();
        var blocks = new List<IReadOnlyList<string>>();
        while (script.BlockFollows)
        {
            blocks.Add(script.Block());
        }

        FileVerbs.Append(path, "x");
        var start = (int)new FileInfo(path).Length;
        me.Run(blocks[Math.Min(start, blocks.Count) - 1]);
    }
}
