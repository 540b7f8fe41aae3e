using System.Reflection;
using System.Text.RegularExpressions;
using Supervisor.Host.Tests.Harness;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>docs/cases.md tells which test holds which case; it must not lie, and it must not forget one.</summary>
public sealed partial class CasesTests
{
    private static readonly string[] Required =
    [
        .. Numbered("A", 1, 20), .. Numbered("B", 1, 10), "C16", "C17", .. Numbered("D", 12, 17), .. Numbered("D", 22, 25),
        .. Numbered("W", 1, 18), .. Numbered("L", 1, 8), .. new[] { 2, 3, 4, 7, 12, 13, 15, 16 }.Select(n => $"P{n}"),
    ];

    private static IEnumerable<string> Numbered(string letter, int from, int to) => Enumerable.Range(from, to - from + 1).Select(n => $"{letter}{n}");

    private static IReadOnlyList<(string Case, string Tests)> Rows { get; } =
    [
        .. File.ReadLines(Path.Combine(Programs.RepositoryRoot, "docs", "cases.md")).Select(line => Row().Match(line)).Where(m => m.Success).Select(m => (m.Groups[1].Value, m.Groups[2].Value)),
    ];

    [GeneratedRegex(@"^\| ([A-Z]\d+) \|[^|]*\| (.*) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+)\.(\w+)`")]
    private static partial Regex TestName();

    [Fact]
    public void Every_required_case_has_a_row() => Assert.Empty(Required.Except(Rows.Select(row => row.Case)));

    [Fact]
    public void Every_row_names_a_test_or_says_why_there_is_none() =>
        Assert.All(Rows, row => Assert.True(TestName().IsMatch(row.Tests) || row.Tests.StartsWith("not held: ", StringComparison.Ordinal), row.ToString()));

    [Fact]
    public void Every_named_test_exists()
    {
        var named = Rows.SelectMany(row => TestName().Matches(row.Tests)).Select(m => $"{m.Groups[1].Value}.{m.Groups[2].Value}");

        Assert.All(named.Distinct().Except(Tests().Select(t => t.Name)), name => Assert.True(IsInActorsTests(name), name));
    }

    [Fact]
    public void Every_test_that_claims_a_case_stands_in_its_row()
    {
        var missing = Tests().SelectMany(test => test.Cases.Select(id => (test.Name, Case: char.IsAsciiDigit(id[0]) ? $"P{id}" : id)))
            .Where(claim => !Rows.Any(row => row.Case == claim.Case && row.Tests.Contains($"`{claim.Name}`", StringComparison.Ordinal)));

        Assert.Empty(missing);
    }

    // Not referenced from here, so by their source.
    private static bool IsInActorsTests(string name)
    {
        var parts = name.Split('.');
        return Directory.EnumerateFiles(Path.Combine(Programs.RepositoryRoot, "tests", "Actors.Tests"), parts[0] + ".cs", SearchOption.AllDirectories)
            .Any(file => File.ReadAllText(file).Contains($" {parts[1]}(", StringComparison.Ordinal));
    }

    private static IEnumerable<(string Name, IEnumerable<string> Cases)> Tests() =>
        from type in typeof(CasesTests).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where method.GetCustomAttributes<FactAttribute>(inherit: true).Any()
        select ($"{type.Name}.{method.Name}", method.GetCustomAttributes<CaseAttribute>().Select(c => c.Id));
}
