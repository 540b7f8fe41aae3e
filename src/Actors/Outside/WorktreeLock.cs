namespace Supervisor.Actors.Outside;

/// <summary>
/// A lock across processes (flock, through FileShare.None). Git's own locks make parallel <c>worktree add</c> fail instead of wait.
/// </summary>
internal sealed class WorktreeLock : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private readonly FileStream _file;

    private WorktreeLock(FileStream file) => _file = file;

    public static async Task<WorktreeLock> TakeAsync(string path, TimeSpan limit, CancellationToken cancel)
    {
        var until = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (true)
        {
            try
            {
                return new WorktreeLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                if (Environment.TickCount64 > until)
                {
                    throw new GitException($"the lock {path} was not free within {limit.TotalSeconds:0} s: {e.Message}");
                }
            }

            await Task.Delay(Between, cancel).ConfigureAwait(false);
        }
    }

    public void Dispose() => _file.Dispose();
}
