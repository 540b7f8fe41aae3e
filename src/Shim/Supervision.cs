using System.Buffers.Binary;
using System.Globalization;

namespace Supervisor.Shim;

/// <summary>One thread, one loop: signals, output, input, clients and deadlines, until the whole tree is gone and its output saved.</summary>
sealed unsafe class Supervision(
    Spec spec, AgentProcess agent, Pump output, Pump errors, AgentInput input, Door door, Client starter, int signals)
{
    const int DrainTime = 2_000, DiskRetry = 200, StrangerGrace = 10_000, StrangerKill = 5_000;
    const int ENOSPC = 28, EDQUOT = 122;

    readonly Escalation _ending = new(spec.KillFile);
    readonly Clients _clients = new(starter);
    readonly PollSet _poll = new();
    readonly long _oomBefore = Oom.Count(spec.OomFile);
    string? _started;
    ExitStatus? _exit;
    (string Errno, string Detail)? _spawnFailure;
    long _drainUntil = Clock.Never;

    public void Run()
    {
        while (!Finished()) Turn();
        if (_spawnFailure is { } failure)
        {
            Tell($"spawn-failed {failure.Errno} {failure.Detail}");
            Save(RunFiles.SpawnFailure(failure.Errno, failure.Detail, DateTimeOffset.UtcNow));
            return;
        }
        _clients.TellOutput(output.Total, errors.Total, final: true);
        // Before the slow part: the next run may begin, its shim waits for our lock.
        Tell(string.Create(CultureInfo.InvariantCulture, $"drained {output.Total} {errors.Total}"));
        if (!output.Sync() || !errors.Sync()) Io.Report($"output not synced: {ErrnoName.Of(Libc.Errno)}");
        Save(_exit!.Json(output.Total, errors.Total));
    }

    bool Finished() => _spawnFailure is not null
        || (_drainUntil != Clock.Never && !output.Blocked && !errors.Blocked && ((output.Ended && errors.Ended) || Clock.Now >= _drainUntil));

    void Turn()
    {
        _poll.Clear();
        // Output before signals: what was said before the end is told before the end.
        if (!output.Blocked) _poll.Add(output.Pipe, Libc.POLLIN, () => output.Move());
        if (!errors.Blocked) _poll.Add(errors.Pipe, Libc.POLLIN, () => errors.Move());
        _poll.Add(agent.Control, Libc.POLLIN, OnAnswer);
        _poll.Add(signals, Libc.POLLIN, OnSignals);
        if (_started is not null) _poll.Add(input.Pipe, input.Waiting ? Libc.POLLOUT : (short)0, OnInput);
        _poll.Add(door.Fd, Libc.POLLIN, OnConnect);
        _clients.Watch(_poll, OnCommand);
        _poll.Wait(Timeout());
        if (output.Blocked) output.Move();
        if (errors.Blocked) errors.Move();
        if (_ending.Tick(Clock.Now)) Tell("stuck");
        _clients.TellOutput(output.Total, errors.Total, final: false);
    }

    int Timeout()
    {
        var next = Math.Min(_ending.Next, Math.Min(_drainUntil, _clients.NextOutput(output.Total, errors.Total)));
        if (output.Blocked || errors.Blocked) next = Math.Min(next, Clock.Now + DiskRetry);
        return next == Clock.Never ? -1 : (int)Math.Clamp(next - Clock.Now, 0, int.MaxValue);
    }

    void OnAnswer()
    {
        if (agent.Control < 0) return;
        var (errno, stage) = agent.Answer();
        if (errno == 0)
        {
            _started = string.Create(CultureInfo.InvariantCulture, $"started {agent.Pid} {agent.StartTicks} {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}");
            Tell(_started);
            input.Flush();
            return;
        }
        var (directory, program) = spec.Names();
        _spawnFailure = (ErrnoName.Of(errno), (stage switch
        {
            Launcher.DirectoryFailed => $"cannot enter the working directory {directory}",
            Launcher.InterpreterFailed => $"the interpreter that {program} names is missing",
            _ => $"cannot run {program}",
        }).ReplaceLineEndings(" "));
    }

    void OnSignals()
    {
        Span<byte> info = stackalloc byte[128];
        while (Io.Read(signals, info) == info.Length)
        {
            switch (BinaryPrimitives.ReadInt32LittleEndian(info))
            {
                case Libc.SIGTERM or Libc.SIGINT:
                    _ending.Stop(Libc.SIGTERM, StrangerGrace, StrangerKill, byStranger: true, Clock.Now);
                    break;
                case Libc.SIGUSR1:
                    door.Open();
                    break;
            }
        }
        Reap();
    }

    void Reap()
    {
        int pid, status;
        while ((pid = Libc.wait4(-1, &status, Libc.WNOHANG, null)) > 0)
            if (pid == agent.Pid) OnAgentExit(status);
        if (pid < 0 && Libc.Errno == Libc.ECHILD) _drainUntil = Math.Min(_drainUntil, Clock.Now + DrainTime);
        else if (_exit is not null) _ending.EndLeftovers(Clock.Now);
    }

    void OnAgentExit(int status)
    {
        OnAnswer();
        if (_spawnFailure is not null) return;
        output.MoveWaiting();
        errors.MoveWaiting();
        _clients.TellOutput(output.Total, errors.Total, final: true);
        _exit = ExitStatus.From(status, _ending, Oom.Count(spec.OomFile) > _oomBefore, DateTimeOffset.UtcNow);
        Tell(_exit.Line());
    }

    void OnInput()
    {
        if (input.Waiting) input.Flush();
        else input.Shut(); // Watched for nothing but its other end's going.
    }

    void OnConnect()
    {
        if (door.Accept() is not { } client) return;
        client.Send(Start.Greeting);
        TellState(client);
        _clients.Add(client);
    }

    void TellState(Client client)
    {
        if (_started is not null) client.Send(_started);
        client.TellOutput(output.Total, errors.Total);
        if (_exit is not null) client.Send(_exit.Line());
        if (_ending.Stuck) client.Send("stuck");
    }

    void OnCommand(Client client, string line, byte[] bytes)
    {
        var words = line.Split(' ');
        switch (words)
        {
            case ["stop", var signal, var grace, var kill] when Number(signal, 1, 64) is { } s && Number(grace, 0) is { } g && Number(kill, 0) is { } k:
                _ending.Stop(s, g, k, byStranger: false, Clock.Now);
                break;
            case ["kill"]:
                _ending.Kill(Clock.Now);
                break;
            case ["status"]:
                TellState(client);
                client.Send("ok");
                break;
            case ["input"]:
                client.Send("input " + input.Add(bytes));
                break;
            case ["close-input"]:
                input.Close();
                break;
            default:
                client.Send("error unknown command");
                break;
        }
    }

    static int? Number(string word, int least, int most = int.MaxValue) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most ? n : null;

    void Tell(string line) => _clients.Tell(line);

    /// <summary>A full disk is waited for: the exit status is not lost, and nothing starts that could not be recorded either.</summary>
    static void Save(string record)
    {
        int error;
        while ((error = Io.ReplaceFile(RunFiles.Exit, record, durable: true)) is ENOSPC or EDQUOT) _ = Libc.poll(null, 0, DiskRetry);
        if (error != 0) Io.Report($"exit.json not written: {ErrnoName.Of(error)}");
        _ = Libc.unlink(Door.Name);
    }
}
