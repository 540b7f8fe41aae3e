using Supervisor.Messages.Agents;
using Supervisor.Messages.Watchdog;
using static Supervisor.Messages.Agents.AgentProtocol;

namespace Supervisor.Actors.Tests.Agents;

/// <summary>Whatever order things are told in, some things never happen.</summary>
public sealed class AgentWalkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_order_of_messages_makes_two_copies_or_wakes_what_a_person_stopped(int seed)
    {
        var random = new Random(seed);
        var (runs, walks) = (0L, 0);
        for (; walks < 100; walks++) runs += Walk(random);
        Assert.True(runs > walks, "a walk that starts nothing proves nothing");
    }

    private static long Walk(Random random)
    {
        var scene = new Scene().Wish();
        var trail = new List<string>();
        for (var i = 0; i < 200; i++)
        {
            var before = scene.State;
            var step = Step(scene, random);
            trail.Add(step);
            var said = string.Join(" > ", trail.TakeLast(12));
            var (run, alive, stopped) = (before.Run, before.HasProcess, before.Phase == AgentPhase.Stopped);
            foreach (var e in scene.Last)
            {
                if (e is AgentExited or AgentSpawnFailed or RunLost) alive = false;
                if (e is not RunDecided decided) continue;
                Assert.False(alive, $"a second copy: {said}");
                Assert.True(decided.Run == run + 1, $"run {decided.Run} after {run}: {said}");
                Assert.True(!string.IsNullOrEmpty(decided.Node), $"nowhere: {said}");
                Assert.True(!stopped || step is "start" or "restart", $"a stopped agent woke: {said}");
                (run, alive) = (decided.Run, true);
            }

            Assert.True(scene.State.HasProcess == alive, $"{scene.State.Phase}, {(alive ? "alive" : "dead")}: {said}");
            Assert.True(scene.State.Run >= before.Run, $"a run number fell: {said}");
            Assert.True(alive || scene.State.Pid is null, $"a pid without a process: {said}");
            Assert.True(alive || scene.State.Stopping is null, $"a stop without a process: {said}");
        }

        return scene.State.Run;
    }

    private static string Step(Scene scene, Random random)
    {
        var holds = Enum.GetValues<Hold>();
        scene.After(random.Next(120));
        // One in eight reports is of an older run.
        var run = random.Next(8) == 0 ? scene.State.Run - 1 : scene.State.Run;
        switch (random.Next(15))
        {
            case 0: scene.Start(); return "start";
            case 1: scene.Stop(); return "stop";
            case 2: scene.Restart(); return "restart";
            case 3 when random.Next(4) == 0: scene.Remove(); return "remove";
            case 4: scene.Due(); return "due";
            case 5: scene.Began(run); return $"began {run}";
            case 6: scene.Ended(random.Next(2), run); return $"ended {run}";
            case 7: scene.Vanished(run); return $"vanished {run}";
            case 8: scene.DidNotBegin(run); return $"did not begin {run}";
            case 9: scene.Stuck(run); return $"stuck {run}";
            case 10: scene.Found((LivenessFinding)random.Next(5), (StallStep)random.Next(3), run); return $"found {run}";
            case 11: scene.Limited(scene.Now.AddSeconds(random.Next(-60, 60))); return "limited";
            case 12: scene.Began(run, adopted: true); return $"adopted {run}";
            case 13:
                var hold = holds[random.Next(holds.Length - 1)]; // Removed is no wish
                scene.Wish(hold, $"{hold}", random.Next(4) == 0 ? null : $"n{random.Next(2)}");
                return $"wish {hold}";
            default: scene.Wish(); return "wish";
        }
    }
}
