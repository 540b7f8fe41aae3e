using Supervisor.Actors.Agents.Kinds;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Tests.Agents.Kinds;

public sealed class CommandKindTests
{
    static readonly IAgentKind Kind = AgentKinds.For(AgentKind.Command);

    [Fact]
    public void A_command_is_its_words_and_its_args_with_no_input()
    {
        var launch = Lines.Launch(AgentKind.Command, command: ["sh", "-c", "echo hello"], args: ["x"]);
        Assert.Equal(["sh", "-c", "echo hello", "x"], launch.Arguments);
        Assert.Equal((0, false, null), (launch.Input.Length, launch.KeepInputOpen, launch.Session));
    }

    [Fact]
    public void A_command_cannot_resume_and_cannot_be_spoken_to()
    {
        Assert.False(Kind.CanResume);
        Assert.Null(Kind.Message("hello"));
        Assert.Null(Kind.SessionFile("s", "/w", new Dictionary<string, string> { ["HOME"] = "/h" }));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("""{"type":"result","subtype":"success","is_error":false}""")]
    public void Every_line_is_a_sign_of_life_and_nothing_more(string line) =>
        Assert.Equal(new AgentReport.Activity("output"), Assert.Single(Kind.CreateReader().One(line)));
}
