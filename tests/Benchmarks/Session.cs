using System.Diagnostics;
using Supervisor.Benchmarks.Measuring;
using Supervisor.Benchmarks.Supervisors;

namespace Supervisor.Benchmarks;

/// <summary>Everything that is measured of one candidate: it alone runs meanwhile.</summary>
sealed class Session(Candidate candidate, Options options, string folder, string program)
{
    static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120), SuccessorPatience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    public Results Results { get; } = new();

    public void Run()
    {
        Directory.CreateDirectory(folder);
        using var stamps = new Stamps(folder);
        if (options.Benchmarks.Contains("ready"))
        {
            candidate.Configure(Path.Combine(folder, "empty"), new Workload(program, stamps, []));
            Results.ReadyEmpty = TimeToAnswer(Stopwatch.GetTimestamp());
            candidate.End();
        }

        candidate.Configure(Path.Combine(folder, "fleet"), new Workload(program, stamps, Workload.Numbered(options.Agents)));
        var began = Stopwatch.GetTimestamp();
        Results.ReadyFleet = TimeToAnswer(began);
        var running = stamps.WaitForAgents(options.Agents, StartPatience);
        Results.AllRunning = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        if (running < options.Agents) throw new InvalidOperationException($"{candidate.Name}: {running} of {options.Agents} agents started");

        if (options.Benchmarks.Contains("idle")) Idle(stamps);
        if (options.Benchmarks.Contains("status")) Status();
        if (options.Benchmarks.Contains("restart")) Restart(stamps);
        if (options.Benchmarks.Contains("stop")) Stop(stamps);
    }

    double TimeToAnswer(long began)
    {
        candidate.Launch();
        return Waiting.Until(candidate.Answers, StartPatience)
            ? Stopwatch.GetElapsedTime(began).TotalMilliseconds
            : throw new TimeoutException($"{candidate.Name} did not answer within {StartPatience}");
    }

    void Idle(Stamps stamps)
    {
        Thread.Sleep(Quiet);
        var daemon = candidate.DaemonPid;
        int[] helpers = [.. stamps.Latest.Select(s => ProcFs.ParentOf(s.Pid)).Where(p => p != daemon && p > 1).Distinct()];
        var (daemonCpu, helperCpu) = (ProcFs.CpuSeconds(daemon), helpers.Sum(ProcFs.CpuSeconds));
        var began = Stopwatch.GetTimestamp();
        Thread.Sleep(TimeSpan.FromSeconds(options.Seconds));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Results.Idle = new Idle(
            ProcFs.Pss(daemon),
            (ProcFs.CpuSeconds(daemon) - daemonCpu) / seconds,
            [.. helpers.Select(ProcFs.Pss).OfType<long>()],
            (helpers.Sum(ProcFs.CpuSeconds) - helperCpu) / seconds);
    }

    void Status()
    {
        for (var i = 0; i < 11; i++)
        {
            if (candidate.Status() is not { } asked) return;
            // The first fills the page cache for all.
            if (i > 0) Results.Status.Add(asked.Took.TotalMilliseconds);
            Results.StatusFailure = asked.ExitCode is 0 or 6 ? Results.StatusFailure : $"exit {asked.ExitCode}";
        }
    }

    void Restart(Stamps stamps)
    {
        // The same agents in the same order for everyone.
        var random = new Random(20);
        var names = Workload.Numbered(options.Agents);
        for (var i = 0; i < options.Kills; i++)
        {
            var victim = stamps.Of(names[random.Next(names.Count)]);
            var killed = Native.Now;
            Native.Signal(victim.Pid, Native.Kill);
            if (stamps.WaitForSuccessor(victim, SuccessorPatience) is { } successor) Results.Restarts.Add((successor.At - killed) / 1e6);
            else Results.NeverRestarted++;
        }
    }

    void Stop(Stamps stamps)
    {
        int[] agents = [.. stamps.Latest.Select(s => s.Pid)];
        var began = Stopwatch.GetTimestamp();
        var asked = Task.Run(candidate.StopAll);
        var all = Waiting.Until(() => !agents.Any(ProcFs.IsAlive), asked.IsCompletedSuccessfully && asked.Result is null ? TimeSpan.Zero : TimeSpan.FromSeconds(60));
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        if (asked.GetAwaiter().GetResult() is not { } result) return;
        Results.StopFailure = !all ? "agents left" : result.ExitCode != 0 ? $"exit {result.ExitCode}" : null;
        Results.StopLastAgent = all ? took : null;
        Results.StopCommand = result.Took.TotalMilliseconds;
    }
}
