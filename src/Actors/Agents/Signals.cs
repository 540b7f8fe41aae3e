namespace Supervisor.Actors.Agents;

/// <summary>The numbers of the signals that configuration may name; the same on every Linux this runs on.</summary>
public static class Signals
{
    public static int Number(string name) => name switch
    {
        "SIGHUP" => 1,
        "SIGINT" => 2,
        "SIGQUIT" => 3,
        "SIGKILL" => 9,
        "SIGUSR1" => 10,
        "SIGUSR2" => 12,
        "SIGTERM" => 15,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a signal that stops an agent"),
    };
}
