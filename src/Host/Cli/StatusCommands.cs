using System.CommandLine;
using System.Text.Json;

namespace Supervisor.Host.Cli;

/// <summary>What the fleet and its cluster are like now.</summary>
public static class StatusCommands
{
    public static IEnumerable<Command> All(ClientOptions options, CliConsole console)
    {
        var status = new Command("status", "One screen: node, cluster, agents, money, repairs, pipelines, alerts. Exit status 6 when degraded.");
        status.SetAction(async (result, cancel) =>
        {
            using var api = options.Connect(result);
            var document = await api.GetAsync("/api/v1/status", cancel);
            Write(document, result.GetValue(options.Json), console.Out);
            return document.Text("ready") == "True" && document.Items("degraded").Count == 0 ? ExitCodes.Ok : ExitCodes.Degraded;
        });
        yield return status;

        var cluster = new Command("cluster", "The members of the cluster.");
        cluster.SetAction(async (result, cancel) =>
        {
            using var api = options.Connect(result);
            var document = await api.GetAsync("/cluster/members", cancel);
            if (result.GetValue(options.Json))
            {
                console.Out.WriteLine(document.GetRawText());
                return ExitCodes.Ok;
            }

            var unreachable = document.Items("unreachable").Select(m => m.Text("node")).ToHashSet();
            Tables.Write(console, ["NODE", "STATUS", "ROLES", "REACHABLE", ""], [.. document.Items("members").Select(m => new[]
            {
                m.Text("node"), m.Text("status"), string.Join(',', m.Items("roles")), unreachable.Contains(m.Text("node")) ? "no" : "yes",
                m.Text("node") == document.Text("leader") ? "leader" : "",
            })]);
            return ExitCodes.Ok;
        });
        yield return cluster;
    }

    private static void Write(JsonElement status, bool json, TextWriter to)
    {
        if (json)
        {
            to.WriteLine(status.GetRawText());
            return;
        }

        Put("node", $"{status.Text("node")}, version {status.Text("version")}, since {status.Text("startedAt")}, {(status.Text("ready") == "True" ? "ready" : "NOT READY")}");
        Put("cluster", $"{status.Text("cluster", "self")}, {status.Text("cluster", "members")} members, {status.Text("cluster", "unreachable")} unreachable");
        var states = status.GetProperty("agents").GetProperty("states").EnumerateObject().Select(s => $"{s.Value} {s.Name}");
        Put("agents", $"{status.Text("agents", "total")}: {string.Join(", ", states)}");
        foreach (var b in status.Items("budgets"))
        {
            Put("money", $"{b.Text("id")}: {b.Text("spentUsd")} of {b.Text("limitUsd")} USD spent, {b.Text("reservedUsd")} reserved, {b.Text("mode")}");
        }

        Put("repairs", $"{status.Text("repairs", "open")} open, {status.Text("repairs", "parked")} parked");
        Put("pipelines", $"{status.Text("pipelines", "running")} running, {status.Text("pipelines", "waiting")} waiting");
        foreach (var alert in status.Items("alerts"))
        {
            Put("alert", Tables.Line($"{alert.Text("level")}: {alert.Text("text")} (since {alert.Text("since")})"));
        }

        foreach (var reason in status.Items("degraded"))
        {
            Put("degraded", Tables.Line(reason.ToString()));
        }

        void Put(string name, string text) => to.WriteLine($"{name,-10}{text}");
    }
}
