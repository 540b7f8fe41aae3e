using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Supervisor.Actors.Outside;

/// <summary>One living shim, as the daemon sees it: its lines turned into events, and its end noticed though it says nothing.</summary>
sealed class Shim : IShim
{
    static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(30);
    readonly Channel<ShimEvent> _events = Channel.CreateUnbounded<ShimEvent>(new UnboundedChannelOptions { SingleWriter = true });
    readonly SemaphoreSlim _sending = new(1, 1);
    readonly Queue<TaskCompletionSource<bool>> _answers = new();
    readonly CancellationTokenSource _letGo = new();
    readonly string _runDirectory;
    readonly Task _ended;
    Socket? _socket;
    bool _started;
    bool _exited;
    bool _finished;

    public Shim(ProcessIdentity shim, string runDirectory, Socket? socket, Task ended, ReadOnlyMemory<byte> first)
    {
        (Identity, _runDirectory, _socket, _ended) = (shim, runDirectory, socket, ended);
        _ = FollowAsync(first);
    }

    ProcessIdentity Identity { get; }
    ProcessIdentity IShim.Shim => Identity;
    public ChannelReader<ShimEvent> Events => _events.Reader;

    public async ValueTask StopAsync(int signal, TimeSpan grace, TimeSpan kill, CancellationToken cancel)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"stop {signal} {(long)grace.TotalMilliseconds} {(long)kill.TotalMilliseconds}\n");
        // One that cannot be spoken to still understands SIGTERM, with graces of its own.
        if (!await SendAsync(Encoding.ASCII.GetBytes(line), null, cancel)) ShimConnector.Signal(Identity, 15);
    }

    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        byte[] bytes = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"input {input.Length}\n")), .. input.Span];
        return await SendAsync(bytes, answer, cancel) && await answer.Task.WaitAsync(cancel);
    }

    public async ValueTask CloseInputAsync(CancellationToken cancel) => await SendAsync("close-input\n"u8.ToArray(), null, cancel);

    public async ValueTask DisposeAsync()
    {
        await _letGo.CancelAsync();
        _socket?.Dispose();
        _events.Writer.TryComplete();
    }

    async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, TaskCompletionSource<bool>? answer, CancellationToken cancel)
    {
        await _sending.WaitAsync(cancel);
        try
        {
            if (_socket is not { } socket) return false;
            if (answer is not null) lock (_answers) _answers.Enqueue(answer);
            while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancel)..];
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false; // It has ended, which the events tell.
        }
        finally
        {
            _sending.Release();
        }
    }

    async Task FollowAsync(ReadOnlyMemory<byte> first)
    {
        try
        {
            if (_socket is not null) await SendAsync(first, null, _letGo.Token);
            else TellFromRecord();
            for (; ; )
            {
                // To the end of what it said, although it may have ended long ago.
                if (_socket is not null && await ReadAsync(_socket)) return;
                if (_ended.IsCompleted) break;
                _socket = await ReconnectAsync();
                if (_socket is null) await Task.WhenAny(_ended, Task.Delay(RetryTime, _letGo.Token));
            }
            await _ended.WaitAsync(_letGo.Token);
            await ConcludeAsync();
        }
        catch (OperationCanceledException) when (_letGo.IsCancellationRequested)
        {
            // Let go of; the shim lives on.
        }
        catch (Exception e)
        {
            _events.Writer.TryComplete(e);
        }
        finally
        {
            FailAnswers();
            _events.Writer.TryComplete();
        }
    }

    /// <summary>True when the last word has been said.</summary>
    async Task<bool> ReadAsync(Socket socket)
    {
        using var reader = new StreamReader(new NetworkStream(socket, ownsSocket: false), Encoding.UTF8, false, 1024, leaveOpen: true);
        try
        {
            while (await reader.ReadLineAsync(_letGo.Token) is { } line) Hear(line);
        }
        catch (IOException)
        {
            // Reset: the same as its end.
        }
        FailAnswers();
        return _finished;
    }

    void Hear(string line)
    {
        if (line.StartsWith("input ", StringComparison.Ordinal))
        {
            lock (_answers)
                if (_answers.TryDequeue(out var answer)) Answer(answer, line[6..]);
            return;
        }
        if (ShimLine.Parse(line) is { } told) Tell(told);
    }

    static void Answer(TaskCompletionSource<bool> answer, string word)
    {
        if (word == "full") answer.SetException(new IOException("the agent does not read its input"));
        else answer.SetResult(word == "ok");
    }

    /// <summary>After a reconnection the shim tells its state again; each thing happens once.</summary>
    void Tell(ShimEvent told)
    {
        if (_finished || (told is ShimEvent.Started && _started) || (told is ShimEvent.Exited && _exited)) return;
        _started |= told is ShimEvent.Started;
        _exited |= told is ShimEvent.Exited;
        _finished = told is ShimEvent.SpawnFailed or ShimEvent.Drained or ShimEvent.Lost;
        _events.Writer.TryWrite(told);
        if (_finished) _events.Writer.TryComplete();
    }

    /// <summary>Of a shim that cannot be spoken to, at least what it wrote down.</summary>
    void TellFromRecord()
    {
        if (RunRecords.Shim(_runDirectory) is { } record)
            Tell(new ShimEvent.Started(record.Agent, File.GetLastWriteTimeUtc(Path.Combine(_runDirectory, "shim.json"))));
    }

    /// <summary>It hung up but lives: it dropped us for being slow.</summary>
    async Task<Socket?> ReconnectAsync()
    {
        _socket?.Dispose();
        if (_ended.IsCompleted || !ProcessTable.IsAlive(Identity)) return null;
        return await ShimConnector.ConnectAsync(_runDirectory, Identity, _letGo.Token);
    }

    /// <summary>It ended without a last word that reached us: its record speaks, or it was killed.</summary>
    async Task ConcludeAsync()
    {
        // A shim that was refused shares its directory with the one that was not: that one's records, and its agent, are not ours.
        if (RunRecords.Shim(_runDirectory) is { } record && record.Shim == Identity)
        {
            if (RunRecords.Exit(_runDirectory) is { } exit)
            {
                foreach (var told in exit.Events()) Tell(told);
                return;
            }
            await Survivors.EndAsync(record, certain: true);
            Cgroups.Remove(record.Cgroups);
        }
        Tell(new ShimEvent.Lost());
    }

    void FailAnswers()
    {
        lock (_answers)
            while (_answers.TryDequeue(out var answer)) answer.TrySetResult(false);
    }
}
