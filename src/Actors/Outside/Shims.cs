namespace Supervisor.Actors.Outside;

/// <summary>Starts shims and finds them again.</summary>
public sealed class Shims(ShimPaths paths, Cgroups cgroups, ProcessWatch watch) : IShims
{
    public ShimFacilities Facilities { get; } = new(paths.Form, cgroups.Kill, cgroups.MemoryLimit, cgroups.PidsLimit);

    public Task<IShim> StartAsync(ShimSpec spec, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var groups = cgroups.Make(spec);
        try
        {
            var specification = ShimWire.Specification(spec, groups);
            var (pid, connection) = ShimSpawn.Start(paths, spec);
            // It cannot vanish before it is reaped, and only the watch reaps.
            var identity = ProcessTable.Identify(pid) ?? throw new IOException($"the shim {pid} is not in the process table");
            var ended = EndAsync(pid, reap: true, groups.Directories);
            return Task.FromResult<IShim>(new Shim(identity, spec.RunDirectory, connection, ended, specification));
        }
        catch
        {
            Cgroups.Remove(groups.Directories);
            throw;
        }
    }

    public async Task<ShimFinding> FindAsync(string agentDirectory, string runDirectory, CancellationToken cancel)
    {
        if (Ended(runDirectory) is { } ended) return ended;
        if (!RunRecords.ShimWasHere(runDirectory)) return new ShimFinding.NeverStarted();
        // Damaged: it was being written when the power failed.
        if (RunRecords.Shim(runDirectory) is not { } record) return new ShimFinding.Gone(Reboot: true);
        if (record.Boot != ProcessTable.BootId) return new ShimFinding.Gone(Reboot: true);
        if (ProcessTable.IsAlive(record.Shim))
        {
            var socket = await ShimConnector.ConnectAsync(runDirectory, record.Shim, cancel);
            var end = EndAsync(record.Pid, reap: false, record.Cgroups);
            // Asked again, now that its end would be noticed: the number could have passed to another in between.
            if (ProcessTable.IsAlive(record.Shim)) return new ShimFinding.Alive(new Shim(record.Shim, runDirectory, socket, end, default));
            socket?.Dispose();
        }
        if (Ended(runDirectory) is { } justEnded) return justEnded;
        await Survivors.EndAsync(record, certain: false);
        Cgroups.Remove(record.Cgroups);
        return new ShimFinding.Gone(Reboot: false);
    }

    static ShimFinding? Ended(string runDirectory) => RunRecords.Exit(runDirectory) switch
    {
        null => null,
        { Errno: { } errno } failed => new ShimFinding.SpawnFailed(errno, failed.Detail ?? ""),
        var exit => new ShimFinding.Ended(exit.ToExit()),
    };

    async Task EndAsync(int pid, bool reap, IReadOnlyList<string> groups)
    {
        await watch.WhenEnded(pid, reap);
        Cgroups.Remove(groups);
    }
}
