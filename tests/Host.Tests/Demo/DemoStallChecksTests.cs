using Supervisor.Host.Demo;
using static Supervisor.Host.Tests.Demo.DemoChecksTests;

namespace Supervisor.Host.Tests.Demo;

public sealed class DemoStallChecksTests
{
    [Fact]
    public void A_stall_that_nobody_found_is_a_fault() => Fails(DemoStallChecks.Stall(DemoStory.Without("hanger", "agent.stalled")), "never found stalled");

    [Fact]
    public void Work_that_was_not_saved_is_a_fault() => Fails(DemoStallChecks.Stall(DemoStory.Without("hanger", "work.saved")), "its work was not saved");

    [Fact]
    public void A_rescue_ref_that_does_not_exist_is_a_fault() => Fails(DemoStallChecks.Stall(DemoStory.Good with { Rescues = [] }), "the rescue ref does not exist");

    [Fact]
    public void A_rescue_ref_without_the_unfinished_work_is_a_fault() =>
        Fails(DemoStallChecks.Stall(DemoStory.Good with { Rescues = [DemoStory.Good.Rescues[0] with { Unfinished = null }] }), "instead of 'half of a thought'");

    [Fact]
    public void Work_that_was_saved_after_the_end_is_a_fault() => Fails(
        DemoStallChecks.Stall(DemoStory.Good.With(events => events.Select(e => e.Type == "work.saved" ? e with { Seq = 1000 } : e))), "saved only after its end");

    [Fact]
    public void A_stalled_agent_that_is_only_stopped_is_a_fault() =>
        Fails(DemoStallChecks.Stall(DemoStory.Changed("hanger", "agent.stop-decided", new { then = "stay" })), "not stopped to be resumed");

    [Fact]
    public void An_agent_that_is_not_resumed_is_a_fault() => Fails(DemoStallChecks.Stall(DemoStory.Without("hanger", "agent.started")), "run 2 never started");

    [Fact]
    public void Unfinished_work_that_stays_unfinished_is_a_fault() => Fails(DemoStallChecks.Stall(DemoStory.Branch("hanger")), "not on the remote");

    [Fact]
    public void A_resumed_agent_that_is_called_stalled_again_is_a_fault() => Fails(
        DemoStallChecks.Stall(DemoStory.Good.With(events => events.Append(DemoStory.Event(20, "hanger", "agent.stalled", 2, null, "nothing moved")))), "stalled again");
}
