namespace Supervisor.Host.Configuration;

/// <summary>Agents that wait for each other in a ring, and so would wait for ever.</summary>
internal static class AfterCycles
{
    /// <summary>Every ring once, each from its first agent in the order given. References to unknown names are somebody else's error.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Find(IReadOnlyList<(string Id, IReadOnlyList<string> After)> agents)
    {
        // Without recursion: a chain may be as long as the fleet.
        var after = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (id, names) in agents)
        {
            after.TryAdd(id, names);
        }
        var cycles = new List<IReadOnlyList<string>>();
        var done = new HashSet<string>();
        foreach (var (root, _) in agents)
        {
            Walk(root, after, done, cycles);
        }
        return cycles;
    }

    private static void Walk(string root, Dictionary<string, IReadOnlyList<string>> after, HashSet<string> done, List<IReadOnlyList<string>> cycles)
    {
        var path = new List<string>();
        var depth = new Dictionary<string, int>();
        var open = new Stack<IEnumerator<string>>();
        Enter(root);
        while (open.TryPeek(out var next))
        {
            if (!next.MoveNext())
            {
                open.Pop();
                depth.Remove(path[^1]);
                done.Add(path[^1]);
                path.RemoveAt(path.Count - 1);
            }
            else if (depth.TryGetValue(next.Current, out var start))
            {
                cycles.Add(path[start..]);
            }
            else
            {
                Enter(next.Current);
            }
        }

        void Enter(string id)
        {
            if (!done.Contains(id) && after.TryGetValue(id, out var names))
            {
                depth[id] = path.Count;
                path.Add(id);
                open.Push(names.GetEnumerator());
            }
        }
    }
}
