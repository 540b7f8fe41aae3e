using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Tests.Outside;

public sealed class ShimSpawnFailureTests(ShimFixture fixture) : IClassFixture<ShimFixture>
{
    public static TheoryData<ShimForm> Forms => ShimFixture.Forms;

    async Task<ShimEvent.SpawnFailed> Failure(ShimForm form, AgentFolder agent, ShimSpec spec)
    {
        var shims = fixture.Of(form);
        await using var shim = await shims.Start(spec);
        var failed = await shim.Next<ShimEvent.SpawnFailed>();
        await shim.Gone();
        var found = await shims.FindAsync(agent.Path, spec.RunDirectory, CancellationToken.None);
        Assert.Equal(new ShimFinding.SpawnFailed(failed.Errno, failed.Detail), found);
        return failed;
    }

    static string File(AgentFolder agent, string name, string text, bool executable)
    {
        var path = Path.Combine(agent.Path, name);
        agent.Run(1);
        System.IO.File.WriteAllText(path, text);
        if (executable) System.IO.File.SetUnixFileMode(path, (UnixFileMode)0x1ed);
        return path;
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_missing_command_is_named(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var failed = await Failure(form, agent, agent.Spec(1, "no-such-program", "x"));
        Assert.Equal(("ENOENT", "cannot run no-such-program"), (failed.Errno, failed.Detail));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_file_that_is_not_executable_is_refused(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var path = File(agent, "plain", "#!/bin/sh\n", executable: false);
        Assert.Equal("EACCES", (await Failure(form, agent, agent.Spec(1, path))).Errno);
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_script_without_its_interpreter_says_so(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var path = File(agent, "script", "#!/no/such/interpreter\n", executable: true);
        var failed = await Failure(form, agent, agent.Spec(1, path));
        Assert.Equal(("ENOENT", $"the interpreter that {path} names is missing"), (failed.Errno, failed.Detail));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_script_without_a_first_line_is_not_given_to_a_shell(ShimForm form)
    {
        var agent = fixture.NewAgent();
        File(agent, "script", "echo hello\n", executable: true);
        var spec = agent.Spec(1, "script") with { Environment = new Dictionary<string, string> { ["PATH"] = agent.Path } };
        Assert.Equal("ENOEXEC", (await Failure(form, agent, spec)).Errno);
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task A_missing_working_directory_is_named(ShimForm form)
    {
        var agent = fixture.NewAgent();
        var failed = await Failure(form, agent, agent.Script("true") with { WorkingDirectory = "/no/such/place" });
        Assert.Equal(("ENOENT", "cannot enter the working directory /no/such/place"), (failed.Errno, failed.Detail));
    }

    [SkippableTheory, MemberData(nameof(Forms))]
    public async Task Arguments_that_are_too_long_are_refused(ShimForm form)
    {
        var agent = fixture.NewAgent();
        Assert.Equal("E2BIG", (await Failure(form, agent, agent.Spec(1, "/bin/true", new string('x', 3_000_000)))).Errno);
    }
}
