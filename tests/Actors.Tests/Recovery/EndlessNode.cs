using Akka.Actor;
using Supervisor.Actors.Agents;
using Supervisor.Messages.Agents;
using static Supervisor.Messages.Agents.RunProtocol;

namespace Supervisor.Actors.Tests.Recovery;

/// <summary>
/// A node on which every run works for a quarter of an hour and ends well, all in no time: the record is told of each end as soon as it has
/// written down the beginning. The last run stays.
/// </summary>
internal sealed class EndlessNode(DateTimeOffset first, long lastRun) : IRunnerDirectory
{
    private static readonly TimeSpan Work = TimeSpan.FromMinutes(15);

    private readonly TaskCompletionSource _last = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last run has been asked for.</summary>
    public Task Last => _last.Task;

    public bool Tell(string node, object message, IActorRef sender)
    {
        if (message is not StartRun start) return true;
        var began = first + start.Run * (Work + TimeSpan.FromMinutes(5));
        sender.Tell(new RunBegan(start.AgentId, start.Run, Pid: 4242, Adopted: false, began));
        if (start.Run == lastRun) _last.TrySetResult();
        else sender.Tell(new RunEnded(start.AgentId, new RunExit(start.Run, Code: 0, Signal: null, EndedBy.Agent, "completed", began + Work)));
        return true;
    }

}
