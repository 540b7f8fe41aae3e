namespace Supervisor.Host.Demo;

/// <summary>The folder in which all of a demo happens. Its name is unlike any other, so whatever refers to it belongs to this demo.</summary>
internal sealed class DemoFolder
{
    private DemoFolder(string root) => Root = root;

    public string Root { get; }
    public string Name => Path.GetFileName(Root);
    public string Config => Path.Combine(Root, "supervisor.yaml");
    public string Log => Path.Combine(Root, "daemon.log");
    public string Repository => Path.Combine(Root, "app");
    public string Remote => Path.Combine(Root, "remote.git");
    public string Scripts => Path.Combine(Root, "scripts");
    public string State => Path.Combine(Root, "state");
    public string Events => Path.Combine(State, "events");

    public static DemoFolder Create() => new(Directory.CreateTempSubdirectory("supervisor-demo-").FullName);

    public void Delete() => Directory.Delete(Root, recursive: true);
}
