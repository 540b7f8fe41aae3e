namespace Supervisor.Host.Configuration;

/// <summary>Which file is the configuration when none is named.</summary>
public static class ConfigLocator
{
    public const string Variable = "SUPERVISOR_CONFIG";

    private static readonly string[] Places = ["supervisor.yaml", "config/supervisor.yaml", "/etc/supervisor/supervisor.yaml"];

    /// <summary>The file as named, or the first of the usual places that exists; null and what to do when there is none.</summary>
    public static (string? File, string? Error) Find(string? named, Func<string, string?> environment, Func<string, bool> exists)
    {
        // A name that leads nowhere is reported by the loader; to pass over it would run another fleet than was asked for.
        var chosen = !string.IsNullOrEmpty(named) ? named : environment(Variable) is { Length: > 0 } fromEnvironment ? fromEnvironment : Places.FirstOrDefault(exists);
        return chosen is null
            ? (null, $"no configuration: name a file, set ${Variable}, or put one at ./{Places[0]}, ./{Places[1]} or {Places[2]}")
            : (chosen, null);
    }

    public static (string? File, string? Error) Find(string? named) => Find(named, Environment.GetEnvironmentVariable, File.Exists);
}
