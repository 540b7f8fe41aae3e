namespace Supervisor.FakeAgent;

/// <summary>
/// How the program was called. Alone, its arguments are the script. In the place of a real agent it gets that agent's flags, and the script
/// as the one argument after <c>--script</c>; whatever stands around it is kept and never refused.
/// </summary>
internal sealed class Invocation(IReadOnlyList<string> arguments)
{
    private const string ScriptFlag = "--script";
    private readonly int _flag = arguments.ToList().IndexOf(ScriptFlag);

    public IReadOnlyList<string> Arguments => arguments;

    public IReadOnlyList<string> Words => _flag < 0 ? arguments : Script.Split(Flag(ScriptFlag) ?? "");

    /// <summary>Claude Code: the session it was told to begin or to resume.</summary>
    public string Session => Flag("--session-id") ?? Flag("--resume") ?? Flag("-r") ?? "00000000-0000-4000-8000-000000000000";

    public string Model => Flag("--model") ?? Flag("-m") ?? "fake-model";

    public string? Flag(string name)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == name && i + 1 < arguments.Count)
            {
                return arguments[i + 1];
            }

            if (arguments[i].StartsWith(name + "=", StringComparison.Ordinal))
            {
                return arguments[i][(name.Length + 1)..];
            }
        }

        return null;
    }
}
