using Supervisor.Actors.Outside;

namespace Supervisor.Actors.Tests.Outside;

public sealed class GitEnvironmentTests
{
    [Fact]
    public void Neither_the_place_of_another_repository_nor_a_secret_reaches_git()
    {
        var changes = GitEnvironment.Changes(["GIT_DIR", "GIT_INDEX_FILE", "ANTHROPIC_API_KEY", "PATH", "GIT_SSH_COMMAND"], new Dictionary<string, string>());

        Assert.Equal(["ANTHROPIC_API_KEY", "GIT_DIR", "GIT_INDEX_FILE"], changes.Where(change => change.Value is null).Select(change => change.Key).Order());
        Assert.Equal(("C", "0", "0"), (changes["LC_ALL"], changes["GIT_TERMINAL_PROMPT"], changes["GIT_OPTIONAL_LOCKS"]));
    }

    [Theory]
    [InlineData(null, "ssh -oBatchMode=yes")]
    [InlineData("/usr/bin/ssh -i key", "/usr/bin/ssh -i key -oBatchMode=yes")]
    [InlineData("plink -batch", "plink -batch")]
    public void Ssh_never_asks(string? configured, string expected) => Assert.Equal(expected, GitEnvironment.BatchSsh(configured));
}
