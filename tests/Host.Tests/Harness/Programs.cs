using System.Reflection;
using System.Runtime.InteropServices;

namespace Supervisor.Host.Tests.Harness;

/// <summary>Where the build has put what the tests start; told by the build itself, so the current directory does not matter.</summary>
internal static class Programs
{
    public static string Supervisor { get; } = Existing(Metadata("SupervisorProgram"));

    /// <summary>The native program where one was built, else the same on the runtime.</summary>
    public static string FakeAgent { get; } = new[] { "native/fake-agent", Metadata("BuiltAs") + "/fake-agent" }
        .Select(name => Path.GetFullPath(Path.Combine(Metadata("FakeAgentDirectory"), name)))
        .FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("the fake agent is not built", Metadata("FakeAgentDirectory"));

    public static string RepositoryRoot { get; } = Path.GetFullPath(Metadata("RepositoryRoot"));

    /// <summary>The <c>dotnet</c> that runs these tests.</summary>
    public static string Dotnet { get; } = Existing(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    private static string Existing(string path) =>
        File.Exists(path) ? Path.GetFullPath(path) : throw new FileNotFoundException("not built: build the whole solution first", path);

    private static string Metadata(string key) =>
        typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
