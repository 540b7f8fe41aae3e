using System.Text;
using Supervisor.Actors.Agents.Kinds;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Agents.Kinds;

/// <summary>Reads lines as an agent printed them.</summary>
static class Lines
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    public static readonly Guid NewSession = new("11111111-2222-4333-8444-555555555555");

    public static IReadOnlyList<AgentReport> One(this IStreamReader reader, string line) => reader.Read(Encoding.UTF8.GetBytes(line), Now);

    public static List<AgentReport> All(this IStreamReader reader, string file) => [.. Of(file).SelectMany(reader.One)];

    public static string[] Of(string file) =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Agents", "Kinds", "lines", file));

    public static T Only<T>(this IEnumerable<AgentReport> reports) where T : AgentReport => Assert.Single(reports.OfType<T>());

    public static T Final<T>(this IEnumerable<AgentReport> reports) where T : AgentReport => reports.OfType<T>().Last();

    public static Launch Launch(AgentKind kind, string? session = null, string model = "", string[]? args = null, string[]? command = null) =>
        AgentKinds.For(kind).Launch(new LaunchContext(
            new AgentOptions { Id = "A1", Kind = kind, Args = args ?? [], Command = command ?? [] }, "Build it.\nSecret plan.", session, NewSession, model));

    public static string Text(this Launch launch) => Encoding.UTF8.GetString(launch.Input.Span);
}
