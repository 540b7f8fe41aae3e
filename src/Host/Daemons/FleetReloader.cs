using Akka.Actor;
using Akka.Hosting;
using Supervisor.Actors.Common;
using Supervisor.Actors.Fleet;
using Supervisor.Actors.Repositories;
using Supervisor.Host.Configuration;
using Supervisor.Messages.Events;
using Supervisor.Messages.Fleet;

namespace Supervisor.Host.Daemons;

/// <summary>Holds the last good configuration and applies the file again, whole or not at all.</summary>
public sealed class FleetReloader(
    FleetStore store, string node, string stateDirectory, IRequiredActor<FleetActorKey> fleet, IRequiredActor<RepositoriesActor> repositories, IEventTopic topic) : IFleetReloader, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _one = new(1, 1);

    public LoadedFleet Current => store.Current;

    public FleetProtocol.ApplyFleet Wanted => new(Current.Agents, Current.Options.Phase, node);

    /// <summary>Tells the fleet what this node's configuration wants.</summary>
    public async Task ApplyAsync(CancellationToken cancel)
    {
        var actor = await fleet.GetAsync(cancel);
        await actor.Ask<FleetProtocol.FleetApplied>(Wanted, Patience, cancel);
    }

    /// <summary>Until the fleet has it: a node that joins others may wait long for the singleton.</summary>
    /// <returns>False when the node, or its actor system, ended first.</returns>
    public async Task<bool> ApplyFirstAsync(Task ended, Task stopped)
    {
        while (true)
        {
            var apply = ApplyAsync(CancellationToken.None);
            if (await Task.WhenAny(apply, ended, stopped) != apply) return false;
            try
            {
                await apply;
                return true;
            }
            catch (AskTimeoutException)
            {
                // Asked again: the message is idempotent.
            }
        }
    }

    public async Task<ReloadOutcome> ReloadAsync(string by, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            var result = store.Reload();
            if (result.Diff is not { } diff)
            {
                var errors = result.Errors.Select(e => e.ToString()).ToList();
                topic.Publish(new NodeEvent(NodeEventTypes.ConfigRefused, null, new Dictionary<string, string> { ["by"] = by, ["errors"] = $"{errors.Count}" }, errors));
                return new ReloadOutcome.Refused(errors);
            }

            var applied = ToOutcome(diff);
            (await repositories.GetAsync(cancel)).Tell(new RepositoriesActor.ApplyRepositories(Settings(Current.Options, stateDirectory)));
            await ApplyAsync(cancel);
            topic.Publish(new NodeEvent(NodeEventTypes.ConfigReloaded, null, new Dictionary<string, string>
            {
                ["by"] = by,
                ["added"] = string.Join(",", applied.Added),
                ["removed"] = string.Join(",", applied.Removed),
                ["changed"] = string.Join(",", applied.Changed),
                ["pending"] = string.Join(",", applied.Pending),
            }, []));
            return applied;
        }
        finally
        {
            _one.Release();
        }
    }

    public Task<ReloadOutcome> DiffAsync(CancellationToken cancel)
    {
        var result = FleetLoader.Load(Current.SourceFile);
        return Task.FromResult(result.Fleet is { } next
            ? ToOutcome(FleetDiff.Between(Current, next))
            : (ReloadOutcome)new ReloadOutcome.Refused([.. result.Errors.Select(e => e.ToString())]));
    }

    private static ReloadOutcome.Applied ToOutcome(FleetDiff diff) => new(
        [.. diff.Started.Select(a => a.Id)],
        [.. diff.Stopped.Select(a => a.Id)],
        [.. diff.Changed.Select(a => a.Id), .. diff.Sections.Where(s => !s.NeedsDaemonRestart).Select(s => s.Key)],
        [.. diff.Changed.Where(a => a.NeedsNewRun).Select(a => a.Id), .. diff.Sections.Where(s => s.NeedsDaemonRestart).Select(s => s.Key)]);

    public void Dispose() => _one.Dispose();

    public static IReadOnlyList<RepositorySettings> Settings(FleetOptions options, string stateDirectory) =>
    [
        .. options.Repositories.Select(r => new RepositorySettings(
            new Messages.RepositoryId(r.Id), r.Path, r.Path.Length > 0 ? "" : r.Url, r.Remote, r.Branch, r.Push.Mode, r.Push.Every, stateDirectory)),
    ];
}
