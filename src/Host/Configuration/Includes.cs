using System.IO.Enumeration;

namespace Supervisor.Host.Configuration;

/// <summary>Files that a glob names: <c>*</c> and <c>?</c> in any segment, as a shell reads them; a leading dot is never matched by a wildcard.</summary>
internal static class Includes
{
    public static bool IsGlob(string pattern) => pattern.AsSpan().ContainsAny('*', '?');

    /// <summary>The files, spelled like the pattern, in ordinal order.</summary>
    public static IReadOnlyList<string> Find(string folder, string pattern)
    {
        var root = Path.IsPathRooted(pattern) ? "/" : folder;
        var found = new List<string> { root };
        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < segments.Length; i++)
        {
            var (segment, last) = (segments[i], i == segments.Length - 1);
            found = [.. found.SelectMany(f => IsGlob(segment) ? Matches(f, segment, last) : One(Path.Combine(f, segment), last))];
        }
        return [.. found.Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> One(string path, bool last) => (last ? File.Exists(path) : Directory.Exists(path)) ? [path] : [];

    private static IEnumerable<string> Matches(string folder, string segment, bool last)
    {
        var names = Directory.Exists(folder.Length == 0 ? "." : folder)
            ? last ? Directory.EnumerateFiles(folder.Length == 0 ? "." : folder) : Directory.EnumerateDirectories(folder.Length == 0 ? "." : folder)
            : [];
        return names.Select(n => Path.GetFileName(n)!)
            .Where(n => (n[0] != '.' || segment[0] == '.') && FileSystemName.MatchesSimpleExpression(segment, n, ignoreCase: false))
            .Select(n => Path.Combine(folder, n));
    }
}
