using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Supervisor.Host.Configuration.Yaml;

/// <summary>
/// Parser events to nodes. YamlDotNet's own document model refuses duplicate keys without a place and knows neither merges nor bounds, so
/// only its event stream is used.
/// </summary>
internal sealed class YamlComposer
{
    private const int MaxDepth = 64;
    // What merges may copy: far above any fleet, far below what would be felt.
    private const int MaxMerged = 1_000_000;

    private readonly string _file;
    private readonly ErrorList _errors;
    private readonly Parser _parser;
    private readonly Dictionary<string, YamlNode?> _anchors = [];
    private int _merged;

    private YamlComposer(string file, string text, ErrorList errors)
    {
        _file = file;
        _errors = errors;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <exception cref="YamlFault">The text is no YAML, or more than is allowed.</exception>
    public static YamlNode Compose(string file, string text, ErrorList errors)
    {
        var composer = new YamlComposer(file, text, errors);
        try
        {
            return composer.Document();
        }
        catch (YamlException e)
        {
            throw Tab(file, text, e) ?? new YamlFault(composer.At(e.Start), $"not valid YAML: {e.Message.TrimEnd('.')}");
        }
    }

    // The scanner blames the start of what the tab broke, which may be the whole file.
    private static YamlFault? Tab(string file, string text, YamlException e)
    {
        if (!e.Message.Contains("tab", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var lines = text.Split('\n');
        for (var line = (int)Math.Clamp(e.Start.Line - 1, 0, lines.Length); line < lines.Length; line++)
        {
            var indent = lines[line].AsSpan()[..^lines[line].AsSpan().TrimStart(" \t").Length];
            if (indent.IndexOf('\t') is >= 0 and var column)
            {
                return new(new(file, line + 1, column + 1), "not valid YAML: a tab cannot indent; use spaces");
            }
        }
        return null;
    }

    private YamlNode Document()
    {
        Next();
        if (Next() is StreamEnd)
        {
            throw new YamlFault(new(_file, 1, 1), "the file is empty; write {} for a file without settings");
        }
        Next();
        // Leaves the parser on the end of the document.
        var root = Node(0);
        return Next() is DocumentStart second
            ? throw new YamlFault(At(second.Start), "a second document; a configuration is one document, so remove the '---'")
            : root;
    }

    // Leaves the parser on the event after the node.
    private YamlNode Node(int depth)
    {
        var current = _parser.Current!;
        if (depth > MaxDepth)
        {
            throw new YamlFault(At(current.Start), $"nested deeper than {MaxDepth} levels");
        }
        if (current is AnchorAlias alias)
        {
            Next();
            return Resolve(alias);
        }
        var anchor = ((NodeEvent)current).Anchor;
        if (!anchor.IsEmpty)
        {
            // Known but unfinished, so that an alias inside its own anchor is seen for what it is.
            _anchors[anchor.Value] = null;
        }
        RefuseTag((NodeEvent)current);
        YamlNode node = current switch
        {
            Scalar s => Text(s),
            SequenceStart s => List(s, depth),
            MappingStart s => Map(s, depth),
            _ => throw new YamlFault(At(current.Start), "not valid YAML"),
        };
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = node;
        }
        return node;
    }

    private YamlText Text(Scalar scalar)
    {
        Next();
        return new(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private YamlList List(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        for (Next(); _parser.Current is not SequenceEnd;)
        {
            items.Add(Node(depth + 1));
        }
        Next();
        return new(At(start.Start), items);
    }

    private YamlMap Map(MappingStart start, int depth)
    {
        var own = new Dictionary<string, YamlEntry>();
        YamlEntry? merge = null;
        for (Next(); _parser.Current is not MappingEnd;)
        {
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is not YamlText text)
            {
                _errors.Add(key.At, $"a key must be text, found {key.Found}");
                continue;
            }
            var entry = new YamlEntry(text, value, Merged: false);
            if (text is { Plain: true, Value: "<<" })
            {
                if (merge is not null)
                {
                    _errors.Add(text.At, "duplicate key '<<'; merge several as <<: [*a, *b]");
                }
                merge ??= entry;
            }
            else if (!own.TryAdd(text.Value, entry))
            {
                var first = own[text.Value].Key.At;
                _errors.Add(text.At, $"duplicate key {YamlText.Quote(text.Value)}; it stands at {first.Line}:{first.Column} already");
            }
        }
        Next();
        return new(At(start.Start), [.. own.Values, .. merge is null ? [] : Merge(own, merge)]);
    }

    // The mapping's own keys win, then the earlier of the merged mappings (yaml.org/type/merge.html).
    private List<YamlEntry> Merge(Dictionary<string, YamlEntry> own, YamlEntry merge)
    {
        var seen = new HashSet<string>(own.Keys);
        var result = new List<YamlEntry>();
        foreach (var source in merge.Value is YamlList list ? list.Items : [merge.Value])
        {
            if (source is not YamlMap map)
            {
                _errors.Add(source.At, $"'<<' merges mappings, found {source.Found}; write <<: *anchor");
                continue;
            }
            _merged += map.Entries.Count + 1;
            if (_merged > MaxMerged)
            {
                throw new YamlFault(merge.Key.At, "the merges of this file expand to too much");
            }
            result.AddRange(map.Entries.Where(e => seen.Add(e.Key.Value)).Select(e => e with { Merged = true }));
        }
        return result;
    }

    private YamlNode Resolve(AnchorAlias alias) =>
        !_anchors.TryGetValue(alias.Value.Value, out var node)
            ? throw new YamlFault(At(alias.Start), $"unknown anchor '*{alias.Value.Value}'; an anchor is defined, as &{alias.Value.Value}, before it is used")
            : node ?? throw new YamlFault(At(alias.Start), $"'*{alias.Value.Value}' stands inside the anchor that it names");

    private void RefuseTag(NodeEvent node)
    {
        if (!node.Tag.IsEmpty && !(node.Tag.IsNonSpecific || node.Tag.Value.StartsWith("tag:yaml.org,2002:str", StringComparison.Ordinal)
            || node.Tag.Value is "tag:yaml.org,2002:map" or "tag:yaml.org,2002:seq"))
        {
            _errors.Add(At(node.Start), $"the tag {YamlText.Quote(node.Tag.Value)} means nothing here; remove it");
        }
    }

    private ParsingEvent Next()
    {
        var last = _parser.Current?.End ?? Mark.Empty;
        try
        {
            return _parser.MoveNext() ? _parser.Current! : throw new YamlFault(At(last), "not valid YAML: it ends too early");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            // YamlDotNet 18.1 throws these for some broken input, e.g. a list that is not closed before the next key.
            throw new YamlFault(At(last), "not valid YAML after this; look for a missing ']', '}' or quote");
        }
    }

    private Position At(Mark mark) => new(_file, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
