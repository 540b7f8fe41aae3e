using System.Text;
using Supervisor.Host.Cli;
using Supervisor.Host.Tests.Endpoints;

namespace Supervisor.Host.Tests.Cli;

/// <summary>One call of the command line, in this process.</summary>
internal sealed record Called(int ExitCode, string Out, string Error)
{
    public static Task<Called> OnAsync(Edge edge, params string[] arguments) =>
        OfAsync([.. arguments, "--url", edge.Http.BaseAddress!.ToString()]);

    public static async Task<Called> OfAsync(params string[] arguments)
    {
        var (written, error, raw) = (new StringWriter(), new StringWriter(), new MemoryStream());
        var console = new CliConsole(written, error, raw, Terminal: false, Color: false);
        var code = await CommandLine.RunAsync(arguments, Handlers(), console).WaitAsync(TimeSpan.FromSeconds(30));
        return new Called(code, written + Encoding.UTF8.GetString(raw.ToArray()), error.ToString());
    }

    public static CliHandlers Handlers() => new()
    {
        Run = (a, _) => Task.FromResult(a.Config == "x.yaml" ? 0 : 1),
        Demo = (a, c, _) =>
        {
            c.Out.WriteLine($"{a.Seconds} {a.Keep}");
            return Task.FromResult(0);
        },
        ConfigCheck = (a, c, _) =>
        {
            c.Error.WriteLine($"{a.File}:1:1: no");
            return Task.FromResult(ExitCodes.Usage);
        },
        ConfigDiff = (_, _, _) => throw new OperationCanceledException(),
        ConfigSchema = c =>
        {
            c.Out.WriteLine("{}");
            return 0;
        },
        Prerequisites = _ => Task.FromResult<IReadOnlyList<Prerequisite>>(
            [new("git", Verdict.Failed, "not found", "install git"), new("cgroups", Verdict.Warning, "none", "delegate them")]),
    };
}
