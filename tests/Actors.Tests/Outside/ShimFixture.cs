using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Tests.Outside;

/// <summary>Both forms of the shim, with a state directory of their own. Whatever a test leaves running is ended.</summary>
public sealed class ShimFixture : IDisposable
{
    static readonly ProcessWatch Watch = new();
    readonly string _root = Directory.CreateTempSubdirectory("shims-").FullName;
    int _agents;

    public ShimFixture()
    {
        Cgroups = new Cgroups("tests", _root);
        Native = ShimPaths.Native(AppContext.BaseDirectory) is { } paths ? new Shims(paths, Cgroups, Watch) : null;
        Managed = new Shims(ShimPaths.Managed(AppContext.BaseDirectory)!, Cgroups, Watch);
        WithoutCgroups = new Shims(ShimPaths.Find(AppContext.BaseDirectory), Cgroups.Unavailable, Watch);
    }

    public static TheoryData<ShimForm> Forms => [ShimForm.Native, ShimForm.Managed];

    public Cgroups Cgroups { get; }
    public Shims? Native { get; }
    public Shims Managed { get; }

    /// <summary>The better form on a lesser machine.</summary>
    public Shims WithoutCgroups { get; }

    public Shims Of(ShimForm form)
    {
        Skip.If(form == ShimForm.Native && Native is null, "no C toolchain: the native form was not built");
        return form == ShimForm.Native ? Native! : Managed;
    }

    /// <summary>A new agent with its first run directory.</summary>
    public AgentFolder NewAgent() => new(_root, $"a{Interlocked.Increment(ref _agents)}");

    public void Dispose()
    {
        foreach (var folder in Directory.EnumerateDirectories(_root)) new AgentFolder(_root, Path.GetFileName(folder)).EndAll();
        Directory.Delete(_root, recursive: true);
        Cgroups.Remove();
    }
}

public sealed record AgentFolder(string Root, string Id)
{
    public string Path => System.IO.Path.Combine(Root, Id);

    public string Run(long run) => Directory.CreateDirectory(System.IO.Path.Combine(Path, "runs", $"{run}")).FullName;

    public string Read(string file, long run = 1) => File.ReadAllText(System.IO.Path.Combine(Run(run), file));

    public byte[] Bytes(string file, long run = 1) => File.ReadAllBytes(System.IO.Path.Combine(Run(run), file));

    public ShimSpec Spec(long run, params string[] arguments) => new()
    {
        AgentId = Id,
        Run = run,
        Epoch = 1,
        AgentDirectory = Path,
        RunDirectory = Run(run),
        WorkingDirectory = Path,
        Arguments = arguments,
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" },
    };

    /// <summary>A shell script as the agent; it runs in the agent's folder.</summary>
    public ShimSpec Script(string script, long run = 1) => Spec(run, "/bin/sh", "-c", script);

    public void EndAll()
    {
        foreach (var record in Directory.EnumerateFiles(Path, "shim.json", SearchOption.AllDirectories))
        {
            using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(record));
            var root = json.RootElement;
            var shim = new ProcessIdentity(root.GetProperty("pid").GetInt32(), root.GetProperty("ticks").GetInt64(), root.GetProperty("boot").GetString()!);
            // Ours, and still the same process: its agent dies with it.
            if (ProcessTable.IsAlive(shim)) TestProcess.Signal(shim.Pid, 9);
        }
    }
}
