using System.Runtime.InteropServices;
using Supervisor.Benchmarks;
using Supervisor.Benchmarks.Measuring;
using Supervisor.Benchmarks.Supervisors;

if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

var root = AppContext.BaseDirectory;
while (root is not null && !File.Exists(Path.Combine(root, "Supervisor.sln"))) root = Path.GetDirectoryName(root);
if (root is null) throw new InvalidOperationException("run it from its checkout");
var sources = Path.Combine(root, "tests", "Benchmarks");
var folder = Directory.CreateTempSubdirectory("supervisor-bench-").FullName;
var failed = false;
Candidate? current = null;
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, GiveUp);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, GiveUp);

try
{
    var machine = Document.Machine();
    var host = options.Host ?? Path.Combine(folder, "host");
    if (options.Host is null)
    {
        Console.Error.WriteLine("publishing src/Host");
        Command.Require("dotnet", ["publish", Path.Combine(root, "src", "Host"), "-c", "Release", "-o", host, "-nologo", "-v", "quiet"], limit: TimeSpan.FromMinutes(15));
    }

    var program = Workload.Compile("stamp.c", folder);
    Candidate[] peers = [new Supervisord(), new S6(), new Pm2(sources)];
    List<(Candidate, Results)> seen = [];
    foreach (var candidate in (Candidate[])[new Ours(host), .. peers.Where(p => options.Peers.Contains(p.Name)), new Floor(Workload.Compile("floor.c", folder))])
    {
        Console.Error.WriteLine($"{candidate.Name} ...");
        var session = new Session(candidate, options, Path.Combine(folder, candidate.GetType().Name), program);
        seen.Add((candidate, session.Results));
        if (candidate.Missing is not null) continue;
        current = candidate;
        try
        {
            session.Run();
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            failed = true;
            session.Results.Failure = "failed";
            Console.Error.WriteLine(e.Message);
            if (candidate.Log is { } log) Console.Error.WriteLine(log);
        }
        finally
        {
            candidate.Dispose();
        }
    }

    var text = $"Machine: {machine}.\n\n" + string.Join('\n', Tables.Of(options, seen));
    Console.WriteLine(text);
    if (options.Write) Document.Write(Path.Combine(root, "docs", "benchmarks.md"), text);
    return failed ? 1 : 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

void GiveUp(PosixSignalContext context)
{
    current?.Dispose();
    Directory.Delete(folder, recursive: true);
    Environment.Exit(130);
}
