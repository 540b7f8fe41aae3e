using System.Globalization;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Outside;

/// <summary>What the shim says, line by line.</summary>
static class ShimLine
{
    /// <summary>Null for lines that are no events: the greeting, answers, and words of a later version.</summary>
    public static ShimEvent? Parse(string line) => line.Split(' ') switch
    {
        // started 11134 186035 1795458342170
        ["started", var pid, var ticks, var at, ..] =>
            new ShimEvent.Started(new ProcessIdentity((int)Long(pid), Long(ticks), ProcessTable.BootId), Time(at)),
        // spawn-failed ENOENT cannot run no-such-program
        ["spawn-failed", var errno, .. var detail] => new ShimEvent.SpawnFailed(errno, string.Join(' ', detail)),
        // output 8192 0
        ["output", var stdout, var stderr, ..] => new ShimEvent.Output(Long(stdout), Long(stderr)),
        // exited 3 - 0 agent exited 1795458342171
        ["exited", var code, var signal, var core, var by, var reason, var at, ..] =>
            new ShimEvent.Exited(new ShimExit(Optional(code), Optional(signal), core == "1", By(by), reason, Time(at))),
        // drained 8192 0
        ["drained", var stdout, var stderr, ..] => new ShimEvent.Drained(Long(stdout), Long(stderr)),
        ["stuck", ..] => new ShimEvent.Stuck(),
        _ => null,
    };

    public static EndedBy By(string word) => word switch
    {
        "supervisor" => EndedBy.Supervisor,
        "external" => EndedBy.External,
        "oom" => EndedBy.Oom,
        _ => EndedBy.Agent,
    };

    static long Long(string word) => long.Parse(word, CultureInfo.InvariantCulture);
    static int? Optional(string word) => word == "-" ? null : (int)Long(word);
    static DateTimeOffset Time(string word) => DateTimeOffset.FromUnixTimeMilliseconds(Long(word));
}
