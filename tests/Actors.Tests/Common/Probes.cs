using Akka.TestKit;

namespace Supervisor.Actors.Tests.Common;

internal static class Probes
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>All that was told to the probe so far: up to a sentinel of our own, so that nothing is waited for.</summary>
    public static List<object> SoFar(this TestProbe probe)
    {
        var end = new object();
        probe.Ref.Tell(end, probe.Ref);
        var told = new List<object>();
        for (var m = probe.ReceiveOne(Limit); m != end; m = probe.ReceiveOne(Limit)) told.Add(m ?? throw new TimeoutException("the probe does not answer itself"));
        return told;
    }
}
