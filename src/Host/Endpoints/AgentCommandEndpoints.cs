using System.Text.Json;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Endpoints;

/// <summary>The body of a message to an agent.</summary>
public sealed record MessageBody(string? Text);

public static class AgentCommandEndpoints
{
    /// <summary>Says how a wait ended: reached, timed-out, or failed when the state can no longer come by itself.</summary>
    public const string WaitHeader = "X-Wait-Result";

    private const string By = "http";

    public static void MapAgentCommands(this IEndpointRouteBuilder api)
    {
        api.MapPost("/agents/{id}/start", (string id, string? wait, HttpContext http, IFleetClient fleet) =>
            CommandAsync(id, wait, AgentGoal.Running, a => new AgentProtocol.Start(a, By), http, fleet)).Produces<AgentStatus>(StatusCodes.Status202Accepted);
        api.MapPost("/agents/{id}/stop", (string id, string? wait, HttpContext http, IFleetClient fleet) =>
            CommandAsync(id, wait, AgentGoal.Ended, a => new AgentProtocol.Stop(a, By), http, fleet)).Produces<AgentStatus>(StatusCodes.Status202Accepted);
        api.MapPost("/agents/{id}/restart", (string id, string? wait, HttpContext http, IFleetClient fleet) =>
            CommandAsync(id, wait, AgentGoal.RunningAnew, a => new AgentProtocol.Restart(a, By, "asked by a person"), http, fleet)).Produces<AgentStatus>(StatusCodes.Status202Accepted);
        api.MapPost("/agents/{id}/messages", SendAsync).Produces<AgentStatus>(StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> CommandAsync(
        string id, string? wait, AgentGoal goal, Func<AgentId, AgentProtocol.ICommand> command, HttpContext http, IFleetClient fleet)
    {
        var cancel = http.RequestAborted;
        if (Words.Agent(id) is not { } agent)
        {
            return AgentEndpoints.Unknown(id);
        }

        if (wait is null)
        {
            return AgentEndpoints.Answer(await fleet.AskAgentAsync(command(agent), cancel));
        }

        if (Words.Duration(wait) is not { } patience || patience > TimeSpan.FromHours(1))
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, $"wait is a duration such as 30s, at most 1h, and not '{wait}'");
        }

        var before = await fleet.AskAgentAsync(new AgentProtocol.GetStatus(agent), cancel);
        if (before is not AgentProtocol.Status { Agent.Run: var run })
        {
            return AgentEndpoints.Answer(before);
        }

        await using var waiting = await AgentWait.BeginAsync(fleet, agent, goal, run, cancel);
        var reply = await fleet.AskAgentAsync(command(agent), cancel);
        if (reply is not AgentProtocol.Accepted)
        {
            return AgentEndpoints.Answer(reply);
        }

        var (result, status) = await waiting.EndAsync(patience, cancel);
        http.Response.Headers[WaitHeader] = result;
        return Answers.Document(status, StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> SendAsync(string id, HttpContext http, IFleetClient fleet)
    {
        if (Words.Agent(id) is not { } agent)
        {
            return AgentEndpoints.Unknown(id);
        }

        MessageBody? body;
        try
        {
            body = await JsonSerializer.DeserializeAsync<MessageBody>(http.Request.Body, JsonSerializerOptions.Web, http.RequestAborted);
        }
        catch (JsonException e)
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, $"the body is not {{\"text\":\"...\"}}: {e.Message}");
        }

        return string.IsNullOrEmpty(body?.Text)
            ? Answers.Problem(StatusCodes.Status400BadRequest, "the body is not {\"text\":\"...\"}")
            : AgentEndpoints.Answer(await fleet.AskAgentAsync(new AgentProtocol.SendText(agent, body.Text, By), http.RequestAborted));
    }
}
