namespace Supervisor.Messages.Watchdog;

/// <summary>What the watchdog concluded about a run. Unknown is never reported: it leads to nothing.</summary>
public enum LivenessFinding { Alive, Dead, Stalled, Lingering, FailedToStart }
