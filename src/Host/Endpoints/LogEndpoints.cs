using System.Globalization;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Endpoints;

/// <summary>An agent's output, byte for byte.</summary>
public static class LogEndpoints
{
    public const string NextOffsetHeader = "X-Next-Offset";
    public const string RunHeader = "X-Run";

    public static void MapAgentLogs(this IEndpointRouteBuilder api) => api.MapGet("/agents/{id}/logs", async (
        string id, long? run, string? stream, long? offset, int? tail, bool? follow, HttpContext http, EdgeOptions options, IFleetClient fleet) =>
    {
        if (Words.Agent(id) is not { } agent)
        {
            return AgentEndpoints.Unknown(id);
        }

        if ((stream ?? "stdout") is not ("stdout" or "stderr") || run < 1 || offset < 0 || tail < 0)
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, "stream is stdout or stderr, run 1 or more, offset and tail 0 or more");
        }

        var reply = await fleet.AskAgentAsync(new AgentProtocol.GetStatus(agent), http.RequestAborted);
        if (reply is not AgentProtocol.Status { Agent: var status })
        {
            return AgentEndpoints.Answer(reply);
        }

        var number = run ?? status.Run;
        var output = new RunOutput(options.StateDirectory, id, number, stream ?? "stdout");
        if (!output.Exists)
        {
            return Missing(status, number, options);
        }

        await LogStream.WriteAsync(http, output, number, offset ?? 0, tail, follow ?? false);
        return Results.Empty;
    }).Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");

    private static IResult Missing(AgentStatus status, long run, EdgeOptions options) => status.Node is { } node && node != options.Node
        ? Answers.Problem(StatusCodes.Status421MisdirectedRequest, $"the output of {status.Id} is on the node {node}; ask there", new Dictionary<string, object?> { ["node"] = node })
        : Answers.Problem(StatusCodes.Status404NotFound, $"there is no output of run {run.ToString(CultureInfo.InvariantCulture)} of {status.Id}");
}
