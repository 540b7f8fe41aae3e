namespace Supervisor.Host.Endpoints;

/// <summary>One file of a run's output, as it grows.</summary>
public sealed class RunOutput(string stateDirectory, string agent, long run, string stream)
{
    private readonly string _directory = Path.Combine(stateDirectory, "agents", agent, "runs", $"{run}");

    private string File => Path.Combine(_directory, stream);

    public bool Exists => System.IO.File.Exists(File);

    /// <summary>The shim writes the exit after the last of the output.</summary>
    public bool Ended => System.IO.File.Exists(Path.Combine(_directory, "exit.json"));

    public FileStream Open() => new(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Where the last <paramref name="lines"/> lines of the first <paramref name="length"/> bytes begin.</summary>
    public static long Tail(Stream file, long length, int lines)
    {
        var buffer = new byte[64 << 10];
        var left = lines;
        for (var end = length; end > 0;)
        {
            var start = Math.Max(0, end - buffer.Length);
            file.Position = start;
            file.ReadExactly(buffer, 0, (int)(end - start));
            for (var i = end - start - 1; i >= 0; i--)
            {
                // The newline that ends the last line begins nothing.
                if (buffer[i] == '\n' && start + i != length - 1 && --left == 0)
                {
                    return start + i + 1;
                }
            }

            end = start;
        }

        return 0;
    }
}
