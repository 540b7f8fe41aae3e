namespace Supervisor.Actors.Outside;

/// <summary>One look at a tree of processes.</summary>
/// <param name="CpuTicks">Hundredths of a second, reaped members included.</param>
/// <param name="Others">Members besides the agent's own process.</param>
/// <param name="Digest">Changes whenever one of them comes or goes.</param>
public sealed record TreeLook(long CpuTicks, int Others, string Digest);

public interface IProcessTable
{
    /// <summary>Null: it could not be found out.</summary>
    bool? IsAlive(ProcessIdentity identity);

    /// <summary>All below a shim; null: it could not be found out.</summary>
    TreeLook? Look(ProcessIdentity shim, ProcessIdentity agent);
}

public sealed class ProcFs : IProcessTable
{
    public bool? IsAlive(ProcessIdentity identity)
    {
        try
        {
            return ProcessTable.IsAlive(identity);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    public TreeLook? Look(ProcessIdentity shim, ProcessIdentity agent)
    {
        try
        {
            var tree = ProcessTable.Tree(shim.Pid);
            var others = tree.Where(p => p.Pid != shim.Pid && p.Pid != agent.Pid).OrderBy(p => p.Pid).ToList();
            var digest = new HashCode();
            foreach (var process in others)
            {
                digest.Add(process.Pid);
                digest.Add(process.StartTicks);
            }

            return new TreeLook(tree.Sum(p => p.CpuTicks), others.Count, digest.ToHashCode().ToString("x8", System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
