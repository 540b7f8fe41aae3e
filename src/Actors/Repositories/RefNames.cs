using System.Globalization;
using System.Text.RegularExpressions;
using Supervisor.Messages;

namespace Supervisor.Actors.Repositories;

/// <summary>
/// The refs the supervisor owns. An agent's id may hold what a ref may not (<c>a..b</c>, <c>x.lock</c>, a dot at the end): the offending
/// dot is written <c>%2E</c>. No id holds a percent sign, so two ids never share a ref.
/// </summary>
public static partial class RefNames
{
    public const string RemoteMirror = "refs/supervisor/remote/";
    public const string Rescues = "refs/supervisor/rescue/";

    /// <summary><c>agents/A1</c>.</summary>
    public static string Branch(AgentId agent) => $"agents/{Component(agent)}";

    /// <summary><c>refs/supervisor/rescue/A1/20261123T120300.120Z</c>.</summary>
    public static string Rescue(AgentId agent, DateTimeOffset at) =>
        $"{Rescues}{Component(agent)}/{at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'.'fff'Z'", CultureInfo.InvariantCulture)}";

    public static string RescueFolder(AgentId agent) => $"{Rescues}{Component(agent)}/";

    public static string Component(AgentId agent)
    {
        var id = Checked(agent.Value);
        if (id.EndsWith(".lock", StringComparison.Ordinal))
        {
            id = id[..^5] + "%2Elock";
        }
        else if (id.EndsWith('.'))
        {
            id = id[..^1] + "%2E";
        }

        while (id.Contains("..", StringComparison.Ordinal))
        {
            id = id.Replace("..", ".%2E", StringComparison.Ordinal);
        }

        return id;
    }

    /// <summary>Ids name folders too, so one that is not an id must not get this far.</summary>
    public static string Checked(string id) =>
        Pattern().IsMatch(id) ? id : throw new ArgumentException($"'{id}' is not an id (letters, digits, dot, underscore, hyphen; at most 63)");

    // \z and not $: $ would let a newline at the end pass.
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z")]
    private static partial Regex Pattern();
}
