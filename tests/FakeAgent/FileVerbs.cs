using System.Globalization;
using System.Text;

namespace Supervisor.FakeAgent;

internal static class FileVerbs
{
    public static IReadOnlyDictionary<string, Action<Interpreter, Script>> All { get; } = new Dictionary<string, Action<Interpreter, Script>>
    {
        ["write-file"] = (_, script) => Whole(script.Word(), Encoding.UTF8.GetBytes(script.Word())),
        ["touch"] = (_, script) => Append(script.Word(), ""),
        ["append"] = (_, script) => Append(script.Word(), script.Word() + "\n"),
        ["pid-to"] = (_, script) => Whole(script.Word(), Encoding.UTF8.GetBytes(Libc.GetPid().ToString(CultureInfo.InvariantCulture))),
        ["stamp"] = (_, script) => Append(script.Word(), DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture) + "\n"),
        ["witness"] = (_, script) => Witness.Begin(script.Word()),
        ["dump-env"] = (_, script) => Whole(script.Word(), File.ReadAllBytes("/proc/self/environ")),
        ["dump-argv"] = (_, script) => Whole(script.Word(), File.ReadAllBytes("/proc/self/cmdline")),
        ["dump-input"] = (me, script) => DumpInput(me, script.Word()),
        ["tell-alive"] = TellAlive,
    };

    public static void Append(string path, string text)
    {
        // Not through a stream: the framework takes locks of its own on files.
        var fd = Libc.OpenToAppend(path);
        Libc.WriteAll(fd, Encoding.UTF8.GetBytes(text));
        Libc.Close(fd);
    }

    // In one step, so that whoever waits for the file never reads half of it.
    private static void Whole(string path, byte[] bytes)
    {
        File.WriteAllBytes(path + ".part", bytes);
        File.Move(path + ".part", path, overwrite: true);
    }

    private static void DumpInput(Interpreter me, string path)
    {
        var text = new StringBuilder();
        while (me.ReadLine() is { } line)
        {
            text.Append(line).Append('\n');
        }

        Whole(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    // tell-alive PIDFILE FILE: whether the process named in the one still lives, into the other.
    private static void TellAlive(Interpreter me, Script script)
    {
        var pid = File.ReadAllText(script.Word());
        Whole(script.Word(), Encoding.UTF8.GetBytes(Directory.Exists("/proc/" + pid) ? "alive" : "gone"));
    }
}
