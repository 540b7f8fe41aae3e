using System.Text.RegularExpressions;

namespace Supervisor.Actors.Tests.Architecture;

/// <summary>A file of the program's own source; its path is relative to the repository's root.</summary>
internal sealed record SourceFile(string Path, IReadOnlyList<string> Lines)
{
    public string Name => System.IO.Path.GetFileName(Path);
}

/// <summary>The text of <c>src</c>, as these tests read it.</summary>
internal static partial class SourceTree
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => !Generated().IsMatch(path))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllLines(Path.Combine(Root, path)))),
    ];

    public static IReadOnlyList<SourceFile> Below(params IReadOnlyList<string> folders) =>
        [.. Files.Where(f => folders.Any(folder => f.Path.StartsWith(folder + "/", StringComparison.Ordinal)))];

    /// <summary>Every line of code on which <paramref name="pattern"/> is found, as <c>path:line: text</c>. Comments may name anything.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<SourceFile> files, Regex pattern) =>
    [
        .. from file in files
           from line in file.Lines.Index()
           where pattern.IsMatch(Comment().Replace(line.Item, ""))
           select $"{file.Path}:{line.Index + 1}: {line.Item.Trim()}",
    ];

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Supervisor.sln"))) return folder;
        throw new DirectoryNotFoundException($"no Supervisor.sln above {AppContext.BaseDirectory}");
    }

    [GeneratedRegex("/(bin|obj)/")]
    private static partial Regex Generated();

    // A slash after a colon is part of an address.
    [GeneratedRegex("(?<!:)//.*$")]
    private static partial Regex Comment();
}
