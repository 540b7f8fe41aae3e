using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Supervisor.Host.Cli;

/// <summary>Agents: look at them, and talk to them.</summary>
public static class AgentCommands
{
    public static IEnumerable<Command> All(ClientOptions options, CliConsole console)
    {
        yield return List(options, console);
        yield return One(options, console);
        yield return Why(options, console);
        yield return Send(options, console);
        yield return AgentOrders.Create("start", "Start agents; what is running stays as it is.", options, console);
        yield return AgentOrders.Create("stop", "Stop agents until a person starts them again.", options, console);
        yield return AgentOrders.Create("restart", "End the present run and begin the next.", options, console);
    }

    public static Argument<string> Id() => new("AGENT") { Description = "The agent's id." };

    public static string Path(string id, string rest = "") => $"/api/v1/agents/{Uri.EscapeDataString(id)}{rest}";

    private static Command List(ClientOptions options, CliConsole console)
    {
        var command = new Command("agents", "All agents.");
        command.SetAction(async (result, cancel) =>
        {
            using var api = options.Connect(result);
            var agents = await api.GetAsync("/api/v1/agents", cancel);
            if (result.GetValue(options.Json))
            {
                console.Out.WriteLine(agents.GetRawText());
            }
            else
            {
                Write(console, agents.Items());
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    public static void Write(CliConsole console, IReadOnlyList<JsonElement> agents) => Tables.Write(
        console,
        ["ID", "STATE", "RUN", "PID", "RESTARTS", "FAILURES", "NODE", "NAME", "REASON"],
        [.. agents.Select(a => new[]
        {
            a.Text("id"), a.Text("state"), a.Text("run"), a.Text("pid"), a.Text("restarts"), a.Text("failures"), a.Text("node"), a.Text("name"),
            a.Text("nextStartAt") is { Length: > 0 } next ? $"{a.Text("reason")}; next start {next}" : a.Text("reason"),
        })]);

    private static Command One(ClientOptions options, CliConsole console)
    {
        var id = Id();
        var command = new Command("agent", "One agent with its last runs.") { id };
        command.SetAction(async (result, cancel) =>
        {
            using var api = options.Connect(result);
            var agent = await api.GetAsync(Path(result.GetRequiredValue(id)), cancel);
            var runs = await api.GetAsync(Path(result.GetRequiredValue(id), "/runs"), cancel);
            if (result.GetValue(options.Json))
            {
                var document = JsonObject.Create(agent)!;
                document["runs"] = JsonArray.Create(runs);
                console.Out.WriteLine(document.ToJsonString());
                return ExitCodes.Ok;
            }

            foreach (var property in agent.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null))
            {
                console.Out.WriteLine($"{property.Name,-14}{Tables.Line(property.Value.ToString())}");
            }

            console.Out.WriteLine();
            Tables.Write(console, ["RUN", "STARTED", "PID", "ENDED", "CODE", "SIGNAL", "BY", "REASON"], [.. runs.Items().Select(r => new[]
            {
                r.Text("run"), r.Text("startedAt"), r.Text("pid"), r.Text("exit", "at"), r.Text("exit", "code"), r.Text("exit", "signal"), r.Text("exit", "by"), r.Text("exit", "reason"),
            })]);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Why(ClientOptions options, CliConsole console)
    {
        var id = Id();
        var command = new Command("why", "The decisions that led to the present state, with their evidence.") { id };
        command.SetAction(async (result, cancel) =>
        {
            using var api = options.Connect(result);
            var why = await api.GetAsync(Path(result.GetRequiredValue(id), "/why"), cancel);
            if (result.GetValue(options.Json))
            {
                console.Out.WriteLine(why.GetRawText());
                return ExitCodes.Ok;
            }

            console.Out.WriteLine($"{why.Text("agent", "id")} is {why.Text("agent", "state")}: {Tables.Line(why.Text("agent", "reason"))}");
            foreach (var reason in why.Items("reasons"))
            {
                console.Out.WriteLine($"{reason.Text("at")}  run {reason.Text("run")}  {reason.Text("type")}: {Tables.Line(reason.Text("text"))}");
                foreach (var evidence in reason.Items("evidence"))
                {
                    console.Out.WriteLine($"    {Tables.Line(evidence.ToString())}");
                }
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Send(ClientOptions options, CliConsole console)
    {
        var id = Id();
        var text = new Argument<string>("TEXT") { Description = "What to tell it." };
        var command = new Command("send", "A message to the agent's session, where its kind can.") { id, text };
        command.SetAction(async (result, cancel) =>
        {
            using var api = options.Connect(result);
            var body = new JsonObject { ["text"] = result.GetRequiredValue(text) }.ToJsonString();
            var (agent, _) = await api.SendAsync(HttpMethod.Post, Path(result.GetRequiredValue(id), "/messages"), body, TimeSpan.FromSeconds(10), cancel);
            if (result.GetValue(options.Json))
            {
                console.Out.WriteLine(agent.GetRawText());
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
