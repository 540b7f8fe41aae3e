namespace Supervisor.Actors.Common;

/// <summary>Where an entity tells, once, what happened to it. Called from the entity's own thread; must not block.</summary>
public interface IEventTopic
{
    void Publish(object evt);
}
