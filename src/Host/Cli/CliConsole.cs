namespace Supervisor.Host.Cli;

/// <summary>Where a command writes: data to <paramref name="Out"/>, words to <paramref name="Error"/>.</summary>
/// <param name="Raw">Standard output as bytes, for output of agents.</param>
/// <param name="Terminal">Somebody watches.</param>
public sealed record CliConsole(TextWriter Out, TextWriter Error, Stream Raw, bool Terminal, bool Color)
{
    public static CliConsole Standard()
    {
        var terminal = !Console.IsOutputRedirected;
        var color = terminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new CliConsole(Console.Out, Console.Error, Console.OpenStandardOutput(), terminal, color);
    }
}
