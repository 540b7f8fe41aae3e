using System.Runtime.InteropServices;

namespace Supervisor.Actors.Outside;

/// <summary>How to start a shim: its program and the arguments before its own.</summary>
public sealed record ShimPaths(ShimForm Form, string Program, IReadOnlyList<string> FirstArguments)
{
    /// <summary>The native form where the build made one, else the one for the .NET runtime.</summary>
    public static ShimPaths Find(string baseDirectory) => Native(baseDirectory) ?? Managed(baseDirectory)
        ?? throw new FileNotFoundException($"no supervisor-shim below {Path.Combine(baseDirectory, "shim")}");

    public static ShimPaths? Native(string baseDirectory)
    {
        var program = Path.Combine(baseDirectory, "shim", "supervisor-shim");
        return File.Exists(program) ? new ShimPaths(ShimForm.Native, program, ["supervisor-shim"]) : null;
    }

    public static ShimPaths? Managed(string baseDirectory)
    {
        var library = Path.Combine(baseDirectory, "shim", "managed", "supervisor-shim.dll");
        // shared/Microsoft.NETCore.App/<version>/ lies three levels below the program that starts them.
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(library) && File.Exists(host) ? new ShimPaths(ShimForm.Managed, host, ["dotnet", library]) : null;
    }
}
