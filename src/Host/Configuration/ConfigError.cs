namespace Supervisor.Host.Configuration;

/// <summary>A place in a file; lines and columns count from 1.</summary>
public readonly record struct Position(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>One thing that is wrong, where, and what to do about it.</summary>
public sealed record ConfigError(string File, int Line, int Column, string Message)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}

/// <summary>Everything that is wrong, said once each: an anchor with a mistake is read at every alias of it.</summary>
internal sealed class ErrorList
{
    // Enough to mend a file from, few enough to read.
    private const int Limit = 200;
    private readonly HashSet<ConfigError> _seen = [];
    private readonly List<ConfigError> _errors = [];

    public int Count => _errors.Count;

    /// <summary>Rises with every mistake, those told before included.</summary>
    public int Found { get; private set; }

    public void Add(Position at, string message)
    {
        Found++;
        var error = new ConfigError(at.File, at.Line, at.Column, message);
        if (_errors.Count < Limit && _seen.Add(error))
        {
            _errors.Add(error);
        }
    }

    /// <summary>File by file as they were read, and from top to bottom.</summary>
    public IReadOnlyList<ConfigError> InOrder(IReadOnlyList<string> files) =>
        [.. _errors.OrderBy(e => Rank(files, e.File)).ThenBy(e => e.Line).ThenBy(e => e.Column)];

    private static int Rank(IReadOnlyList<string> files, string file)
    {
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i] == file)
            {
                return i;
            }
        }
        return files.Count;
    }
}
