using System.Threading.Channels;
using Supervisor.Actors.Events;
using Supervisor.Messages;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Endpoints;

/// <summary>What a person who waits for a command wants to see.</summary>
public enum AgentGoal { Running, Ended, RunningAnew }

/// <summary>Waits for an agent's state by its events. Begin before the command, so that none is missed.</summary>
public sealed class AgentWait : IAsyncDisposable
{
    // The topic may lose an event when nodes come and go; then the state is looked at again this late.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly IFleetClient _fleet;
    private readonly AgentId _agent;
    private readonly AgentGoal _goal;
    private readonly long _runBefore;
    private readonly Guid _follower;
    private readonly ChannelReader<EventEntry> _events;

    private AgentWait(IFleetClient fleet, AgentId agent, AgentGoal goal, long runBefore, Guid follower, ChannelReader<EventEntry> events) =>
        (_fleet, _agent, _goal, _runBefore, _follower, _events) = (fleet, agent, goal, runBefore, follower, events);

    public static async Task<AgentWait> BeginAsync(IFleetClient fleet, AgentId agent, AgentGoal goal, long runBefore, CancellationToken cancel)
    {
        var follow = new EventLogProtocol.Follow(Guid.NewGuid(), new EntryFilter(Agent: agent.Value));
        return new AgentWait(fleet, agent, goal, runBefore, follow.Id, (await fleet.FollowAsync(follow, cancel)).Live);
    }

    /// <returns>reached, failed or timed-out, and the agent as it then is.</returns>
    public async Task<(string Result, AgentStatus Status)> EndAsync(TimeSpan patience, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        while (true)
        {
            if (await _fleet.AskAgentAsync(new AgentProtocol.GetStatus(_agent), cancel) is not AgentProtocol.Status { Agent: var status })
            {
                throw new BadHttpRequestException($"the agent '{_agent}' was removed meanwhile", StatusCodes.Status404NotFound);
            }

            if (Judge(_goal, status, _runBefore) is { } result)
            {
                return (result, status);
            }

            if (limit.IsCancellationRequested)
            {
                return ("timed-out", status);
            }

            await NextEventAsync(limit.Token);
        }
    }

    /// <summary>Null: not yet.</summary>
    public static string? Judge(AgentGoal goal, AgentStatus status, long runBefore) => (goal, status.State) switch
    {
        (AgentGoal.Ended, AgentPhase.Stopped or AgentPhase.Disabled or AgentPhase.Completed or AgentPhase.Failed) => "reached",
        (_, AgentPhase.Stuck or AgentPhase.Suspect) => "failed",
        (AgentGoal.Ended, _) => null,
        (AgentGoal.RunningAnew, AgentPhase.Running or AgentPhase.Lingering or AgentPhase.Completed) when status.Run <= runBefore => null,
        (_, AgentPhase.Running or AgentPhase.Stalled or AgentPhase.Lingering or AgentPhase.Completed) => "reached",
        (_, AgentPhase.Failed or AgentPhase.CrashLoop or AgentPhase.Disabled or AgentPhase.BudgetExhausted) => "failed",
        _ => null,
    };

    public async ValueTask DisposeAsync() => await _fleet.UnfollowAsync(_follower);

    private async Task NextEventAsync(CancellationToken limit)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(limit);
        turn.CancelAfter(LookAgain);
        try
        {
            await _events.WaitToReadAsync(turn.Token);
            while (_events.TryRead(out _))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // Time to look again, or for the last time.
        }
    }
}
