namespace Supervisor.Host.Tests.Harness;

/// <summary>The processes that a fleet has left behind: those that refer to its folder.</summary>
internal static class Leftovers
{
    /// <summary>Ends them, by pid, and tells what they were.</summary>
    public static async Task<IReadOnlyList<string>> RemoveAsync(string directory)
    {
        var told = Proc.Referring(directory).Select(pid => $"{pid} {Proc.State(pid)} {Proc.CommandLine(pid)}").ToArray();
        await Eventually.TrueAsync(
            () =>
            {
                var left = Proc.Referring(directory);
                foreach (var pid in left)
                {
                    TryKill(pid);
                }

                return left.Count == 0;
            },
            $"no process refers to {directory}");
        return told;
    }

    private static void TryKill(int pid)
    {
        try
        {
            Proc.Signal(pid, Proc.SigKill);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself; the next look confirms it.
        }
    }
}
