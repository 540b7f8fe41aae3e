using Supervisor.Messages;

namespace Supervisor.Actors.Repositories;


/// <summary>One repository as this node works with it. Exactly one of <paramref name="Path"/> and <paramref name="Url"/> is set.</summary>
public sealed record RepositorySettings(
    RepositoryId Id, string Path, string Url, string Remote, string Branch, PushMode PushMode, TimeSpan PushEvery, string StateDirectory);
