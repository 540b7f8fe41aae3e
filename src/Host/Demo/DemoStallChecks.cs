namespace Supervisor.Host.Demo;

/// <summary>That a silent agent is found, its work saved before it is touched, and that it goes on with it.</summary>
internal static class DemoStallChecks
{
    internal static DemoFinding Stall(DemoFacts facts)
    {
        const string what = "a hanging agent is found, its work saved, and it is resumed";
        if (facts.Of(DemoCast.Hanger, "agent.stalled") is not [var stalled, ..]) return new(what, false, "it was never found stalled");
        var saved = facts.Of(DemoCast.Hanger, "work.saved") is [var first, ..] ? first : null;
        var name = saved?.Text("ref");
        var rescue = facts.Rescues.FirstOrDefault(r => r.Ref == name);
        var stop = facts.Of(DemoCast.Hanger, "agent.stop-decided").FirstOrDefault(e => e.Run == stalled.Run);
        var exited = facts.Of(DemoCast.Hanger, "agent.exited").FirstOrDefault(e => e.Run == stalled.Run);
        var resumed = facts.Of(DemoCast.Hanger, "agent.started").FirstOrDefault(e => e.Run == stalled.Run + 1);
        var finished = facts.Branches.GetValueOrDefault(DemoCast.Hanger)?.Remote.Contains("hanger work 1") == true;
        return DemoFinding.Of(
            what,
            $"run {stalled.Run} stalled ({string.Join(", ", stalled.Reasons().Take(2))}); {name ?? "no rescue ref"} holds unfinished.txt; run {stalled.Run + 1} {(resumed is null ? "never came" : "finished it")}",
            stalled.Reasons().Count > 0 ? null : "without evidence",
            saved is null ? "its work was not saved" : null,
            rescue is null ? "the rescue ref does not exist" : rescue.Unfinished != facts.Unfinished ? $"the rescue ref holds '{rescue.Unfinished}' instead of '{facts.Unfinished}'" : null,
            stop?.Text("then") == "resume" ? null : "it was not stopped to be resumed",
            saved is not null && exited is not null && saved.Seq > exited.Seq ? "its work was saved only after its end" : null,
            resumed is null ? $"run {stalled.Run + 1} never started" : null,
            finished ? null : "what it had begun is not on the remote",
            facts.Of(DemoCast.Hanger, "agent.stalled").Any(e => e.Run > stalled.Run) ? "it was found stalled again although it moved" : null);
    }
}
