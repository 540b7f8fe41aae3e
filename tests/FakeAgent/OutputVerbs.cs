using System.Text;

namespace Supervisor.FakeAgent;

internal static class OutputVerbs
{
    public static IReadOnlyDictionary<string, Action<Interpreter, Script>> All { get; } = new Dictionary<string, Action<Interpreter, Script>>
    {
        ["out"] = (me, script) => me.Out(script.Word() + "\n"),
        ["out-bare"] = (me, script) => me.Out(script.Word()),
        ["out-raw"] = (me, script) => me.Write(1, Convert.FromHexString(script.Word())),
        ["out-lines"] = Lines,
        ["out-session"] = (me, _) => me.Out(me.Invocation.Session + "\n"),
        ["err"] = (me, script) => me.Write(2, Encoding.UTF8.GetBytes(script.Word() + "\n")),
    };

    // out-lines COUNT PREFIX: numbered lines, so that a reader can say which one is missing or came twice.
    private static void Lines(Interpreter me, Script script)
    {
        var count = script.Number();
        var prefix = script.Word();
        for (var i = 1; i <= count; i++)
        {
            me.Out($"{prefix}{i}\n");
        }
    }
}
