using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Supervisor.Actors.Events;
using Supervisor.Actors.Serialization;
using Supervisor.Actors.Tests.Serialization;
using Supervisor.Messages.Events;

namespace Supervisor.Actors.Tests.Events;

public sealed partial class EventDocsTests
{
    [Fact]
    public void Every_event_type_is_documented_with_its_data_and_no_other_is()
    {
        var wire = WireTypes.All.Where(t => t.Event is not null)
            .Select(t => Row(t.Event!, EventLines.Describe(Samples.Of(t.Type), 1, "n", DateTimeOffset.UnixEpoch)!.Data.EnumerateObject().Select(p => p.Name)));
        var node = NodeEventTypes.All.Select(t => Row(t.Type, t.Data));
        var documented = Rows().Matches(File.ReadAllText(Docs())).Select(m => Row(m.Groups[1].Value, Names().Matches(m.Groups[2].Value).Select(n => n.Groups[1].Value)));

        Assert.Equal(wire.Concat(node).Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    private static string Row(string type, IEnumerable<string> data) => $"{type}: {string.Join(' ', data)}";

    private static string Docs([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/events.md");

    [GeneratedRegex(@"^\| `([a-z.-]+)` \| ([^|]+) \| .{10,} \|$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Names();
}
