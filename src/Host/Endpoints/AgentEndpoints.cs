using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Endpoints;

public static class AgentEndpoints
{
    public static void MapAgents(this IEndpointRouteBuilder api)
    {
        api.MapGet("/agents", async (IFleetClient fleet, CancellationToken cancel) => Answers.Document(await fleet.GetAgentsAsync(cancel)))
            .Produces<IReadOnlyList<AgentStatus>>();
        api.MapGet("/agents/{id}", (string id, IFleetClient fleet, CancellationToken cancel) => AskAsync(fleet, id, a => new AgentProtocol.GetStatus(a), cancel))
            .Produces<AgentStatus>();
        api.MapGet("/agents/{id}/runs", (string id, IFleetClient fleet, CancellationToken cancel) => AskAsync(fleet, id, a => new AgentProtocol.GetRuns(a), cancel))
            .Produces<IReadOnlyList<RunStatus>>();
        api.MapGet("/agents/{id}/why", (string id, IFleetClient fleet, CancellationToken cancel) => AskAsync(fleet, id, a => new AgentProtocol.GetExplanation(a), cancel))
            .Produces<AgentExplanation>();
    }

    public static IResult Unknown(string id) => Answers.Problem(StatusCodes.Status404NotFound, $"there is no agent '{id}'");

    /// <summary>Every answer that an agent's record gives, as HTTP.</summary>
    public static IResult Answer(AgentProtocol.IReply reply) => reply switch
    {
        AgentProtocol.Accepted r => Answers.Document(r.Status, StatusCodes.Status202Accepted),
        AgentProtocol.Rejected r => Answers.Problem(StatusCodes.Status409Conflict, r.Reason),
        AgentProtocol.NotFound r => Unknown(r.AgentId.Value),
        AgentProtocol.Status r => Answers.Document(r.Agent),
        AgentProtocol.Runs r => Answers.Document(r.Items),
        AgentProtocol.Explanation r => Answers.Document(r.Why),
        _ => throw new InvalidOperationException($"an agent answered {reply.GetType()}"),
    };

    private static async Task<IResult> AskAsync(IFleetClient fleet, string id, Func<AgentId, AgentProtocol.IQuery> query, CancellationToken cancel) =>
        Words.Agent(id) is { } agent ? Answer(await fleet.AskAgentAsync(query(agent), cancel)) : Unknown(id);
}
