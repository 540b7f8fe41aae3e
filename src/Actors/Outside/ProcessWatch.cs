using System.Collections.Concurrent;
using Supervisor.Actors.Outside.Native;

namespace Supervisor.Actors.Outside;

/// <summary>Tells of a process's end at once, by the kernel's word: one thread waits on all of them.</summary>
public sealed class ProcessWatch : IDisposable
{
    readonly int _epoll = EpollCalls.Create();
    readonly int _stop = EpollCalls.eventfd(0, 0x80000);
    readonly ConcurrentDictionary<int, (TaskCompletionSource Ended, bool Reap)> _watched = new();
    readonly Thread _thread;

    public ProcessWatch()
    {
        if (_epoll < 0 || _stop < 0 || !EpollCalls.Watch(_epoll, _stop)) throw new IOException("cannot watch processes: no epoll");
        _thread = new Thread(Run) { IsBackground = true, Name = "process watch" };
        _thread.Start();
    }

    /// <summary>Completes when the process has ended.</summary>
    /// <param name="reap">
    /// For children that we spawned ourselves. Never for those of <see cref="System.Diagnostics.Process"/>: it ends the whole program when somebody else
    /// reaps one of its own (dotnet/runtime#79540).
    /// </param>
    public Task WhenEnded(int pid, bool reap)
    {
        var pidfd = PidCalls.Open(pid);
        if (pidfd < 0) return Task.CompletedTask;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _watched[pidfd] = (ended, reap);
        if (!EpollCalls.Watch(_epoll, pidfd)) throw new IOException($"cannot watch process {pid}");
        return ended.Task;
    }

    void Run()
    {
        for (; ; )
        {
            var fd = EpollCalls.Wait(_epoll);
            if (fd == _stop) return;
            if (fd < 0 || !_watched.TryRemove(fd, out var watched)) continue;
            EpollCalls.Forget(_epoll, fd);
            if (watched.Reap) PidCalls.Reap(fd);
            _ = SpawnCalls.close(fd);
            watched.Ended.SetResult();
        }
    }

    public unsafe void Dispose()
    {
        long one = 1;
        _ = EpollCalls.write(_stop, &one, sizeof(long));
        _thread.Join();
        foreach (var (fd, watched) in _watched)
        {
            _ = SpawnCalls.close(fd);
            watched.Ended.TrySetCanceled();
        }
        _ = SpawnCalls.close(_stop);
        _ = SpawnCalls.close(_epoll);
    }
}
