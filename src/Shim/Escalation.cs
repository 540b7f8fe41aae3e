namespace Supervisor.Shim;

/// <summary>Signal and SIGCONT to the tree, SIGKILL after the grace, "stuck" when that has no effect. It runs here, so that it holds though the daemon dies.</summary>
sealed class Escalation(string killFile)
{
    const int KillAgain = 20, KillAgainWhenStuck = 1000, LeftoverTime = 5000;

    enum Step { None, Asked, Killing, Stuck }

    Step _step;
    long _killTime;
    long _stuckAt = Clock.Never;

    /// <summary>A stop was asked for, from outside the tree.</summary>
    public bool Stopping { get; private set; }

    /// <summary>The stop came as a signal to the shim, not from its daemon.</summary>
    public bool ByStranger { get; private set; }
    public bool Killed => _step >= Step.Killing;
    public bool Stuck => _step == Step.Stuck;

    /// <summary>Asked to kill without a grace.</summary>
    public bool AtOnce { get; private set; }

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public long Next { get; private set; } = Clock.Never;

    public void Stop(int signal, long grace, long killTime, bool byStranger, long now)
    {
        if (_step != Step.None) return;
        (Stopping, ByStranger, _killTime, _step, Next) = (true, byStranger, killTime, Step.Asked, now + grace);
        if (grace > 0) Tree.Signal(signal);
        else AtOnce = true;
    }

    public void Kill(long now)
    {
        if (Killed) return;
        if (!Stopping) _killTime = LeftoverTime;
        (Stopping, AtOnce, _step, Next) = (true, true, Step.Asked, now);
    }

    /// <summary>The agent's own process has ended: nothing of its tree may live on. During a stop the rest has its grace.</summary>
    public void EndLeftovers(long now)
    {
        if (_step != Step.None) return;
        (_step, _killTime, Next) = (Step.Asked, LeftoverTime, now);
    }

    /// <summary>True when it has just become stuck.</summary>
    public bool Tick(long now)
    {
        if (now < Next) return false;
        Tree.Kill(killFile);
        var (before, first) = (_step, _step == Step.Asked);
        if (first) (_step, _stuckAt) = (Step.Killing, now + _killTime);
        if (now >= _stuckAt) _step = Step.Stuck;
        Next = now + (_step == Step.Stuck ? KillAgainWhenStuck : KillAgain);
        return _step == Step.Stuck && before != Step.Stuck;
    }
}
