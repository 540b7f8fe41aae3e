using Supervisor.Host.Configuration;

namespace Supervisor.Host.Tests.Configuration;

/// <summary>Shorthand for the tests of configuration.</summary>
internal static class Loading
{
    /// <summary>The checkout's config folder, found from where the tests run.</summary>
    public static string ConfigFolder { get; } = FindConfig();

    public static LoadedFleet Good(string file)
    {
        var result = FleetLoader.Load(file);
        Assert.Empty(result.Errors.Select(e => e.ToString()));
        return result.Fleet!;
    }

    public static LoadedFleet Fleet(string yaml)
    {
        using var folder = new TempFolder();
        return Good(folder.Write("f.yaml", yaml));
    }

    /// <summary>The errors, without the folder of the test.</summary>
    public static string[] Errors(string yaml)
    {
        using var folder = new TempFolder();
        return Errors(folder, folder.Write("f.yaml", yaml));
    }

    public static string[] Errors(TempFolder folder, string file)
    {
        var result = FleetLoader.Load(file);
        Assert.Equal(result.Fleet is null, result.Errors.Count > 0);
        return [.. result.Errors.Select(e => e.ToString().Replace(folder.Root + "/", "", StringComparison.Ordinal))];
    }

    private static string FindConfig()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Supervisor.sln")))
            {
                return Path.Combine(at, "config");
            }
        }
        throw new InvalidOperationException("the tests run outside a checkout");
    }
}
