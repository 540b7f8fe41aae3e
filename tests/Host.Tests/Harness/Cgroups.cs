namespace Supervisor.Host.Tests.Harness;

/// <summary>Whether this machine lets us limit memory and processes, and where.</summary>
internal static class Cgroups
{
    /// <summary>A v1 hierarchy's directory in which groups can be made; null where there is none.</summary>
    public static string? V1(string controller)
    {
        var root = $"/sys/fs/cgroup/{controller}";
        var own = File.ReadLines("/proc/self/cgroup").Select(line => line.Split(':', 3)).FirstOrDefault(parts => parts[1].Split(',').Contains(controller));
        return own is null || !Directory.Exists(root) ? null : CanMake(root + own[2].TrimEnd('/'));
    }

    /// <summary>Whether the supervisor can give an agent a limit of this kind.</summary>
    public static bool CanLimit(string controller) => V1(controller) is not null || CanLimitV2(controller);

    public static string Reason(string controller) => $"the {controller} controller of cgroups is missing here or not ours to use";

    private static bool CanLimitV2(string controller)
    {
        const string root = "/sys/fs/cgroup";
        var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal));
        var group = own is null ? null : root + own["0::".Length..].TrimEnd('/');
        return group is not null && File.Exists(group + "/cgroup.controllers") && File.ReadAllText(group + "/cgroup.controllers").Split([' ', '\n']).Contains(controller) && CanMake(group) is not null;
    }

    private static string? CanMake(string parent)
    {
        var probe = Path.Combine(parent, $"sv-probe-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
            return parent;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
