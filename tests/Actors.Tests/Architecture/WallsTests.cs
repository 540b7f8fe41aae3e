using System.Reflection;
using System.Text.RegularExpressions;
using Akka.Actor;
using Supervisor.Actors.Agents;
using Supervisor.Messages;

namespace Supervisor.Actors.Tests.Architecture;

/// <summary>The walls between the parts of the program. A rule that nothing holds is a wish.</summary>
public sealed partial class WallsTests
{
    private static readonly Assembly Messages = typeof(AgentId).Assembly;
    private static readonly Assembly Actors = typeof(AgentActor).Assembly;

    /// <summary>
    /// What joins the rules to Akka, by name, beside actors and hosting. Every other file of src/Actors and src/Messages is a rule,
    /// and a rule is pure: so a new file is held to that unless somebody names it here.
    /// </summary>
    private static readonly string[] Shells = ["IRunnerDirectory.cs", "RunnerServices.cs", "NodeRoles.cs", "PubSubTopic.cs"];

    [Fact]
    public void Messages_reference_nothing_but_the_base_class_library()
    {
        Assert.All(Messages.GetReferencedAssemblies(), a => Assert.StartsWith("System.", a.Name, StringComparison.Ordinal));
        Assert.DoesNotMatch("(Package|Project|Framework)Reference", File.ReadAllText(Path.Combine(SourceTree.Root, "src/Messages/Messages.csproj")));
    }

    [Fact]
    public void Every_actor_is_sealed()
    {
        var actors = Actors.GetTypes().Where(t => t.IsAssignableTo(typeof(ActorBase))).ToList();
        Assert.Contains(typeof(AgentActor), actors);
        Assert.Empty(actors.Where(t => !t.IsSealed).Select(t => t.FullName));
    }

    [Fact]
    public void Every_message_is_a_sealed_record()
    {
        var messages = Messages.GetTypes().Where(t => t.IsAssignableTo(typeof(IWireMessage)) && !t.IsInterface).ToList();
        Assert.NotEmpty(messages);
        Assert.Empty(messages.Where(t => !t.IsSealed || t.GetMethod("<Clone>$") is null).Select(t => t.FullName));
    }

    [Fact]
    public void Rules_do_not_know_akka() => Assert.Empty(SourceTree.Find(Rules(), Akka()));

    [Fact]
    public void Rules_know_no_clock_and_no_dice() => Assert.Empty(SourceTree.Find(Rules(), ClockOrDice()));

    [Fact]
    public void Rules_touch_neither_processes_nor_files() => Assert.Empty(SourceTree.Find(Rules(), OperatingSystem()));

    [Fact]
    public void Actors_read_the_schedulers_clock_alone() =>
        Assert.Empty(SourceTree.Find(SourceTree.Below("src/Actors").Where(f => !f.Path.StartsWith("src/Actors/Outside/", StringComparison.Ordinal)), Clock()));

    [Fact]
    public void Only_the_outside_starts_processes()
    {
        // The demo plays the operator, and the shim is the one that starts agents.
        string[] may = ["src/Actors/Outside/", "src/Host/Demo/", "src/Shim/"];
        var starts = SourceTree.Find(SourceTree.Files, ProcessStart());
        Assert.Contains(starts, line => line.StartsWith(may[0], StringComparison.Ordinal));
        Assert.DoesNotContain(starts, line => !may.Any(folder => line.StartsWith(folder, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_shim_knows_nothing_of_the_rest()
    {
        Assert.DoesNotMatch("(Package|Project)Reference", File.ReadAllText(Path.Combine(SourceTree.Root, "src/Shim/Shim.csproj")));
        Assert.Empty(SourceTree.Find(SourceTree.Below("src/Shim"), ManagedProcess()));
    }

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        Assert.NotEmpty(SourceTree.Files);
        Assert.Empty(SourceTree.Files.Where(f => f.Lines.Count > 400).Select(f => $"{f.Path}: {f.Lines.Count} lines"));
    }

    private static List<SourceFile> Rules()
    {
        var rules = SourceTree.Below("src/Actors", "src/Messages")
            .Where(f => !f.Path.StartsWith("src/Actors/Outside/", StringComparison.Ordinal) && !f.Path.StartsWith("src/Actors/Serialization/", StringComparison.Ordinal))
            .Where(f => !Shell().IsMatch(f.Name) && !Shells.Contains(f.Name))
            .ToList();
        Assert.Contains(rules, f => f.Name == "AgentDecisions.cs");
        Assert.Contains(rules, f => f.Name == "Liveness.cs");
        return rules;
    }

    // XActor.cs and its parts, XHosting.cs, and the marker types that are registry keys.
    [GeneratedRegex(@"(Actor(\.\w+)?|Hosting|Key)\.cs$")]
    private static partial Regex Shell();

    [GeneratedRegex(@"\bAkka\.|\bIActorRef\b|\bIActorContext\b")]
    private static partial Regex Akka();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|\bStopwatch\b|\bTimeProvider\b|\bTickCount(64)?\b|\bTask\.Delay\b|\bThread\.Sleep\b|\bPeriodicTimer\b")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|\bStopwatch\b|\bTimeProvider\b|\bTickCount(64)?\b|\bTask\.Delay\b|\bThread\.Sleep\b|\bPeriodicTimer\b|\bRandom\.|\bnew Random\b|\bGuid\.(NewGuid|CreateVersion7)\b")]
    private static partial Regex ClockOrDice();

    [GeneratedRegex(@"\bSystem\.Diagnostics\.Process|\bProcess\.|\bProcessStartInfo\b|\bCliWrap\b|(?<![\w.])(File|Directory|FileInfo|DirectoryInfo|FileStream|DriveInfo)[.(]|\bnew (FileStream|FileInfo|DirectoryInfo|StreamReader|StreamWriter)\b|\bEnvironment\.(?!NewLine)[A-Z]|\bLibraryImport\b")]
    private static partial Regex OperatingSystem();

    [GeneratedRegex(@"\bProcess\.Start\b|\bProcessStartInfo\b|\bnew Process\b|\bCliWrap\b|\bCli\.Wrap\b|\bposix_spawnp?\(")]
    private static partial Regex ProcessStart();

    // Its reaping fights the shim's own.
    [GeneratedRegex(@"\bSystem\.Diagnostics\b|\bProcess\.(Start|GetProcess)|\bProcessStartInfo\b|\bSupervisor\.(Messages|Actors|Host)\b")]
    private static partial Regex ManagedProcess();
}
