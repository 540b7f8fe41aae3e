namespace Supervisor.Actors.Common;

/// <summary>One thing at a time, in order. Belongs to one actor and is used from its thread only.</summary>
public sealed class Lane
{
    private readonly Queue<Action> _waiting = new();
    private bool _busy;

    /// <summary>Starts now, or when all before have left.</summary>
    public void Enter(Action start)
    {
        if (_busy)
        {
            _waiting.Enqueue(start);
            return;
        }

        _busy = true;
        start();
    }

    public void Leave()
    {
        if (_waiting.TryDequeue(out var next))
        {
            next();
        }
        else
        {
            _busy = false;
        }
    }
}
