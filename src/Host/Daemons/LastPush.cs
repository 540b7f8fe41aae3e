using Akka.Actor;
using Supervisor.Messages;
using Supervisor.Messages.Agents;
using Supervisor.Messages.Repositories;

namespace Supervisor.Host.Daemons;

/// <summary>Brings to the remotes what agents committed last, before the daemon that stopped them ends: the next one may be long in coming.</summary>
public static class LastPush
{
    /// <summary>A remote that does not answer must not hold up the end; the commits are safe in their branches.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Task PushAsync(IActorRef repositories, IEnumerable<AgentOptions> agents, ILogger logger) =>
        Task.WhenAll(agents.Where(a => a.Workspace == "worktree").Select(a => PushAsync(repositories, new RepositoryId(a.Repository), new AgentId(a.Id), logger)));

    private static async Task PushAsync(IActorRef repositories, RepositoryId repository, AgentId agent, ILogger logger)
    {
        try
        {
            var reply = await repositories.Ask<RepositoryProtocol.IReply>(new RepositoryProtocol.PushWork(repository, agent, "the daemon ends"), Patience);
            if (reply is RepositoryProtocol.PushDone { Unpushed: > 0 and var left }) logger.LogWarning("Agent {AgentId}: {Commits} commits are not on the remote yet", agent, left);
            else if (reply is RepositoryProtocol.PushFailed failed) logger.LogWarning("Agent {AgentId}: nothing pushed at the end: {Reason}", agent, failed.Reason);
        }
        catch (AskTimeoutException)
        {
            logger.LogWarning("Agent {AgentId}: nobody knows whether its last commits were pushed; there was no answer in {Patience}", agent, Patience);
        }
    }
}
