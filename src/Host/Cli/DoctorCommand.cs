using System.CommandLine;
using System.Text.Json;

namespace Supervisor.Host.Cli;

public enum Verdict { Ok, Warning, Failed }

/// <summary>One thing that this machine should have.</summary>
/// <param name="Remedy">What to do when it is not ok.</param>
public sealed record Prerequisite(string Name, Verdict Verdict, string Found, string Remedy);

/// <summary><c>doctor</c>: what this machine lacks, and what to do about it.</summary>
public static class DoctorCommand
{
    public static Command Create(CliHandlers handlers, ClientOptions options, CliConsole console)
    {
        var command = new Command("doctor", "The prerequisites of this machine, each with its remedy; exit status 1 if one fails.");
        command.SetAction(async (result, cancel) =>
        {
            var found = await handlers.Prerequisites(cancel);
            if (result.GetValue(options.Json))
            {
                console.Out.WriteLine(JsonSerializer.Serialize(found.Select(p => new Dictionary<string, string>
                {
                    ["name"] = p.Name,
                    ["verdict"] = Word(p.Verdict),
                    ["found"] = p.Found,
                    ["remedy"] = p.Remedy,
                })));
            }
            else
            {
                Tables.Write(console, ["CHECK", "VERDICT", "FOUND", "REMEDY"], [.. found.Select(p => new[]
                {
                    p.Name, Word(p.Verdict), p.Found, p.Verdict == Verdict.Ok ? "" : p.Remedy,
                })]);
            }

            return found.Any(p => p.Verdict == Verdict.Failed) ? ExitCodes.Failed : ExitCodes.Ok;
        });
        return command;
    }

    private static string Word(Verdict verdict) => verdict switch { Verdict.Ok => "ok", Verdict.Warning => "warning", _ => "failed" };
}
