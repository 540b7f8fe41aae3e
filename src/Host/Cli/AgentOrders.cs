using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Supervisor.Host.Endpoints;

namespace Supervisor.Host.Cli;

/// <summary><c>start</c>, <c>stop</c> and <c>restart</c>: the same order to several agents at once.</summary>
public static class AgentOrders
{
    private sealed record Outcome(string Id, JsonElement? Agent, int ExitCode, string? Error);

    public static Command Create(string order, string description, ClientOptions options, CliConsole console)
    {
        var ids = new Argument<string[]>("AGENT") { Description = "The agents' ids.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Every agent." };
        var wait = new Option<bool>("--wait") { Description = "Return when it is done." };
        var timeout = new Option<string>("--timeout") { Description = "How long to wait.", DefaultValueFactory = _ => "30s", HelpName = "DURATION" };
        var command = new Command(order, description) { ids, all, wait, timeout };
        command.SetAction(async (result, cancel) =>
        {
            var patience = Words.Duration(result.GetRequiredValue(timeout))
                ?? throw new CliException(ExitCodes.Usage, $"--timeout is a duration such as 30s, and not '{result.GetValue(timeout)}'");
            var named = result.GetValue(ids) ?? [];
            if (named.Length == 0 != result.GetValue(all))
            {
                throw new CliException(ExitCodes.Usage, "name agents, or say --all");
            }

            using var api = options.Connect(result);
            var targets = result.GetValue(all) ? (await api.GetAsync("/api/v1/agents", cancel)).Items().Select(a => a.Text("id")) : named.Distinct();
            var outcomes = await Task.WhenAll(targets.Select(id => OrderAsync(api, id, order, result.GetValue(wait) ? patience : null, cancel)));
            return Report(outcomes, result.GetValue(options.Json), console);
        });
        return command;
    }

    private static async Task<Outcome> OrderAsync(ApiClient api, string id, string order, TimeSpan? wait, CancellationToken cancel)
    {
        var query = wait is { } w ? $"?wait={((long)w.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}ms" : "";
        try
        {
            var (agent, headers) = await api.SendAsync(HttpMethod.Post, AgentCommands.Path(id, $"/{order}{query}"), null, (wait ?? TimeSpan.Zero) + TimeSpan.FromSeconds(15), cancel);
            return (headers.TryGetValues(AgentCommandEndpoints.WaitHeader, out var said) ? said.First() : "") switch
            {
                "timed-out" => new Outcome(id, agent, ExitCodes.TimedOut, $"{id} is still {agent.Text("state")}: {agent.Text("reason")}"),
                "failed" => new Outcome(id, agent, ExitCodes.Failed, $"{id} is {agent.Text("state")}: {agent.Text("reason")}"),
                _ => new Outcome(id, agent, ExitCodes.Ok, null),
            };
        }
        catch (CliException e)
        {
            return new Outcome(id, null, e.ExitCode, e.Message);
        }
    }

    private static int Report(IReadOnlyList<Outcome> outcomes, bool json, CliConsole console)
    {
        var agents = outcomes.Select(o => o.Agent).OfType<JsonElement>().ToList();
        if (json)
        {
            console.Out.WriteLine(JsonSerializer.Serialize(agents));
        }
        else if (agents.Count > 0)
        {
            AgentCommands.Write(console, agents);
        }

        foreach (var error in outcomes.Select(o => o.Error).OfType<string>().Distinct())
        {
            console.Error.WriteLine($"supervisor: {error}");
        }

        return outcomes.Select(o => o.ExitCode).FirstOrDefault(c => c != ExitCodes.Ok);
    }
}
