using System.Diagnostics;
using Supervisor.Benchmarks.Measuring;

namespace Supervisor.Benchmarks.Supervisors;

/// <summary>One supervisor under measurement, with its own folder and the same agents as every other.</summary>
abstract class Candidate : IDisposable
{
    protected const string NotInstalled = "not installed";
    static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(20);

    public abstract string Name { get; }

    /// <summary>Null when it can be measured, else what stands in its row.</summary>
    public virtual string? Missing => null;

    /// <summary>What is durable before the successor is started.</summary>
    public virtual string OnDiskFirst => "no";

    public string Folder { get; private set; } = "";
    protected Workload Work { get; private set; } = null!;
    protected Process? Process { get; private set; }

    /// <summary>The process that supervises; its helpers, one for each agent, are counted apart.</summary>
    public virtual int DaemonPid => Process?.Id ?? 0;

    /// <summary>The end of what it said, for when it fails.</summary>
    public string? Log => File.Exists(In("log")) ? string.Join('\n', File.ReadLines(In("log")).TakeLast(20)) : null;

    public void Configure(string folder, Workload work)
    {
        (Folder, Work) = (folder, work);
        Directory.CreateDirectory(folder);
        Write();
    }

    public void Launch() => Process = Start();

    /// <summary>True once a client would be answered.</summary>
    public abstract bool Answers();

    /// <summary>Null: it has no such command.</summary>
    public virtual CommandResult? Status() => null;

    /// <summary>Asks for the end of all agents; null: it has no such command.</summary>
    public virtual CommandResult? StopAll() => null;

    protected abstract void Write();

    protected abstract Process Start();

    public void End()
    {
        var daemon = DaemonPid;
        int[] known = daemon > 0 ? [.. ProcFs.Descendants(daemon)] : [];
        if (daemon > 0 && Native.Signal(daemon, Native.Term)) _ = Waiting.Until(() => !ProcFs.IsAlive(daemon), EndPatience);
        // What outlives its supervisor does so on purpose; here it is in the way.
        int[] left = [daemon, Process?.Id ?? 0, .. known, .. Work.Stamps.Latest.Select(s => s.Pid)];
        foreach (var pid in left.Where(p => p > 1 && ProcFs.IsAlive(p))) Native.Signal(pid, Native.Kill);
        if (!Waiting.Until(() => !left.Any(ProcFs.IsAlive), EndPatience)) throw new InvalidOperationException($"{Name} left processes that do not end");
        Process?.Dispose();
        Process = null;
        Work.Stamps.Forget();
    }

    public void Dispose()
    {
        if (Process is not null) End();
    }

    protected string In(string name) => Path.Combine(Folder, name);
}
