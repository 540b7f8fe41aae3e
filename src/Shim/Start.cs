using System.Globalization;

namespace Supervisor.Shim;

/// <summary>From the specification to a running agent: each step that can fail says so and leaves nothing behind.</summary>
sealed unsafe class Start
{
    const int Starter = 0;
    readonly AgentProcess _agent = new();

    public static string Greeting => string.Create(CultureInfo.InvariantCulture, $"supervisor-shim {Spec.Version} {Libc.getpid()}");

    public int Run()
    {
        var signals = Signals.OpenDescriptor();
        // First of all, as it starts while we do the rest.
        var error = _agent.StartLauncher();
        var spec = Spec.Read(Starter);
        if (spec is null) return 0;
        var starter = new Client(Starter);
        starter.Send(Greeting);
        if (error != 0) return Refuse(starter, error, "cannot start a process");
        if (RunFiles.Lock(spec.AgentDirectory, Abandoned, out error) is { } locked) return Refuse(starter, error, locked);
        if (RunFiles.AlreadyStarted() is { } already) return Refuse(starter, Libc.EEXIST, already);
        if (signals < 0 || Libc.prctl(Libc.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return Refuse(starter, Libc.Errno, "cannot watch over children");
        ProtectSelf();

        var output = new Pump("stdout", _agent.Output);
        var errors = new Pump("stderr", _agent.Errors);
        if ((error = output.Open()) != 0 || (error = errors.Open()) != 0) return Refuse(starter, error, "cannot open the output files");
        foreach (var group in spec.Cgroups)
            if ((error = Io.WriteText(group + "/cgroup.procs", _agent.Pid.ToString(CultureInfo.InvariantCulture))) != 0)
                return Refuse(starter, error, $"cannot join {group}");
        if ((error = RunFiles.WriteShim(spec, _agent)) != 0) return Refuse(starter, error, "cannot write shim.json");
        var door = new Door();
        door.Open();
        _agent.Launch(spec.Launch);
        var input = new AgentInput(_agent.Input, spec.Input, spec.KeepInputOpen);
        new Supervision(spec, _agent, output, errors, input, door, starter, signals).Run();
        return 0;
    }

    int Refuse(Client starter, int error, string detail)
    {
        // The launcher ends with the connection to it.
        _agent.CloseControl();
        starter.Send($"spawn-failed {ErrnoName.Of(error)} {detail}");
        return 75;
    }

    /// <summary>The daemon that wanted this run is gone before it began: whoever comes next decides anew.</summary>
    static bool Abandoned()
    {
        var poll = new Libc.PollFd { Fd = Starter, Events = 0 };
        return Libc.poll(&poll, 1, 0) == 1 && (poll.Returned & Libc.POLLHUP) != 0;
    }

    /// <summary>Whoever is killed for want of memory, it should not be the one that keeps the records; nor does the agent inherit a daemon's protection.</summary>
    void ProtectSelf()
    {
        if (Io.ReadText("/proc/self/oom_score_adj").StartsWith('-')) Io.WriteText($"/proc/{_agent.Pid}/oom_score_adj", "0");
        Io.WriteText("/proc/self/oom_score_adj", "-900");
    }
}
