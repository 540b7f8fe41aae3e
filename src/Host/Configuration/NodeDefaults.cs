namespace Supervisor.Host.Configuration;

/// <summary>What an empty setting of <c>node</c> stands for on this machine.</summary>
public static class NodeDefaults
{
    /// <summary>The host name, without what a node's name cannot hold.</summary>
    public static string Name(NodeOptions node, string hostName)
    {
        if (node.Name.Length > 0)
        {
            return node.Name;
        }
        var name = string.Concat(hostName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).TrimStart('.', '_', '-');
        return name.Length == 0 ? "node" : name[..Math.Min(63, name.Length)];
    }

    /// <exception cref="InvalidOperationException">Neither the configuration nor the environment says where.</exception>
    public static string StateDir(NodeOptions node, Func<string, string?> environment)
    {
        if (node.StateDir.Length > 0)
        {
            return node.StateDir;
        }
        // The XDG specification: a relative path there is invalid and ignored.
        if (environment("XDG_STATE_HOME") is ['/', ..] state)
        {
            return Path.Combine(state, "supervisor");
        }
        return environment("HOME") is ['/', ..] home
            ? Path.Combine(home, ".local/state/supervisor")
            : throw new InvalidOperationException("neither XDG_STATE_HOME nor HOME is set; write node.stateDir");
    }
}
