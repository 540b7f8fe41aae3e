namespace Supervisor.Host.Configuration.Yaml;

/// <summary>YAML as it was written, with the place of everything. Aliases share the node they name; merges are resolved.</summary>
internal abstract class YamlNode(Position at)
{
    public Position At { get; } = at;

    /// <summary>For messages: what was found.</summary>
    public abstract string Found { get; }
}

/// <param name="plain">Written without quotes: only such text can be a number, true or false.</param>
internal sealed class YamlText(Position at, string value, bool plain) : YamlNode(at)
{
    public string Value { get; } = value;
    public bool Plain { get; } = plain;
    public override string Found => Plain && Value.Length == 0 ? "nothing" : Quote(Value);

    /// <summary>Fit for one line of a terminal, whatever the file held.</summary>
    public static string Quote(string value)
    {
        var text = value.Length > 60 ? value[..60] + "..." : value;
        return $"'{string.Concat(text.Select(c => char.IsControl(c) ? $"\\u{(int)c:X4}" : c.ToString()))}'";
    }
}

internal sealed class YamlList(Position at, IReadOnlyList<YamlNode> items) : YamlNode(at)
{
    public IReadOnlyList<YamlNode> Items { get; } = items;
    public override string Found => "a list";
}

internal sealed class YamlMap(Position at, IReadOnlyList<YamlEntry> entries) : YamlNode(at)
{
    public IReadOnlyList<YamlEntry> Entries { get; } = entries;
    public override string Found => "a mapping";
}

/// <param name="Merged">Came by <c>&lt;&lt;</c>, and so stands at another place.</param>
internal sealed record YamlEntry(YamlText Key, YamlNode Value, bool Merged);

/// <summary>The file cannot be read any further.</summary>
internal sealed class YamlFault(Position at, string message) : Exception(message)
{
    public Position At { get; } = at;
}
