using Akka.Actor;
using Supervisor.Actors.Common;
using Supervisor.Actors.Outside;
using Supervisor.Messages;
using static Supervisor.Messages.Repositories.RepositoryProtocol;

namespace Supervisor.Actors.Repositories;

/// <summary>All repositories of this node: passes every command to the one it names.</summary>
public sealed class RepositoriesActor : ReceiveActor
{
    /// <summary>What the configuration names now.</summary>
    public sealed record ApplyRepositories(IReadOnlyList<RepositorySettings> Repositories);

    private readonly Dictionary<RepositoryId, (IActorRef Actor, RepositorySettings Settings)> _repositories = [];
    private readonly string _node;
    private readonly IGit _git;
    private readonly IEventTopic _topic;

    public RepositoriesActor(string node, IGit git, IEventTopic topic, IReadOnlyList<RepositorySettings> repositories)
    {
        (_node, _git, _topic) = (node, git, topic);
        Receive<ApplyRepositories>(m => Apply(m.Repositories));
        Receive<ICommand>(Pass);
        Receive<RepositoryActor.SettingsApplied>(_ => { });
        Apply(repositories);
    }

    private void Apply(IReadOnlyList<RepositorySettings> repositories)
    {
        foreach (var gone in _repositories.Keys.Except(repositories.Select(r => r.Id)).ToList())
        {
            Context.Stop(_repositories[gone].Actor);
            _repositories.Remove(gone);
        }

        foreach (var settings in repositories)
        {
            if (_repositories.TryGetValue(settings.Id, out var known))
            {
                // Also when nothing changed here: a reload says that something outside may have, and refusals are tried anew.
                known.Actor.Tell(new RepositoryActor.ApplySettings(settings));
                _repositories[settings.Id] = (known.Actor, settings);
            }
            else
            {
                _repositories[settings.Id] = (Context.ActorOf(Props.Create(() => new RepositoryActor(settings, _node, _git, _topic))), settings);
            }
        }
    }

    private void Pass(ICommand command)
    {
        if (_repositories.TryGetValue(command.RepositoryId, out var repository))
        {
            repository.Actor.Forward(command);
            return;
        }

        var reason = $"repository {command.RepositoryId} is not configured on node {_node}";
        Sender.Tell(command switch
        {
            PrepareWorkspace c => new WorkspaceFailed(c.RepositoryId, c.AgentId, reason),
            SaveWork c => new SaveFailed(c.RepositoryId, c.AgentId, reason),
            PushWork c => new PushFailed(c.RepositoryId, c.AgentId, reason),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "a command without an answer"),
        });
    }
}
