using System.Globalization;

namespace Supervisor.Shim;

/// <summary>All connections.</summary>
sealed class Clients(Client starter)
{
    readonly List<Client> _all = [starter];

    public void Add(Client client) => _all.Add(client);

    public void Watch(PollSet poll, Action<Client, string, byte[]> command)
    {
        _all.RemoveAll(client => client.Gone);
        foreach (var client in _all) poll.Add(client.Fd, Libc.POLLIN, () => client.Receive(command));
    }

    public void Tell(string line)
    {
        foreach (var client in _all) client.Send(line);
    }

    /// <summary>At most ten times a second to each, except for the <paramref name="final"/> word.</summary>
    public void TellOutput(long stdout, long stderr, bool final)
    {
        foreach (var client in _all)
            if (client.OutputTold != (stdout, stderr) && (final || Clock.Now >= client.NextOutput)) client.TellOutput(stdout, stderr);
    }

    /// <summary>When somebody is due to hear of output.</summary>
    public long NextOutput(long stdout, long stderr)
    {
        var next = Clock.Never;
        foreach (var client in _all)
            if (!client.Gone && client.OutputTold != (stdout, stderr)) next = Math.Min(next, client.NextOutput);
        return next;
    }
}
