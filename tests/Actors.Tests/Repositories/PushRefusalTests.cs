using Supervisor.Actors.Repositories;
using Supervisor.Messages.Repositories;

namespace Supervisor.Actors.Tests.Repositories;

public sealed class PushRefusalTests
{
    private const string Failed = "error: failed to push some refs to 'https://github.com/o/r.git'";

    /// <summary>Real output: the status line on stdout, everything else on stderr.</summary>
    public static TheoryData<RefusalClass, bool, string, string> Table => new()
    {
        { RefusalClass.RemoteAhead, false, "!\tHEAD:refs/heads/main\t[rejected] (fetch first)", """
            hint: Updates were rejected because the remote contains work that you do
            hint: not have locally. This is usually caused by another repository pushing
            """ },
        { RefusalClass.RemoteAhead, false, "", "hint: Updates were rejected because the remote contains work that you do not have locally." },
        { RefusalClass.RemoteAhead, false, "!\tHEAD:refs/heads/main\t[rejected] (non-fast-forward)", "hint: Updates were rejected because the tip of your current branch is behind" },
        { RefusalClass.RemoteAhead, false, "!\tHEAD:refs/heads/main\t[remote rejected] (cannot lock ref 'refs/heads/main': is at 1111 but expected 2222)", "" },
        { RefusalClass.StaleLease, false, "!\tHEAD:refs/heads/main\t[rejected] (stale info)", "" },
        { RefusalClass.StaleLease, false, "!\tHEAD:refs/heads/main\t[rejected] (remote ref updated since checkout)", "" },
        { RefusalClass.NeedsForce, true, "!\tHEAD:refs/tags/v1\t[rejected] (needs force)", "" },
        { RefusalClass.NeedsForce, true, "!\tHEAD:refs/tags/v1\t[rejected] (already exists)", "hint: Updates were rejected because the tag already exists in the remote." },
        { RefusalClass.ProtectedBranch, true, "!\tHEAD:refs/heads/main\t[remote rejected] (protected branch hook declined)", """
            remote: error: GH006: Protected branch update failed for refs/heads/main.
            remote: - Changes must be made through a pull request.
            """ },
        { RefusalClass.ProtectedBranch, true, "", """
            remote: error: GH006: Protected branch update failed for refs/heads/main.
            remote: error: Required status check "X" is expected.
            """ },
        { RefusalClass.ProtectedBranch, true, "", """
            remote: error: GH006: Protected branch update failed for refs/heads/main.
            remote: error: 6 of 6 required status checks are expected.
            """ },
        { RefusalClass.RuleViolation, true, "!\tHEAD:refs/heads/main\t[remote rejected] (push declined due to repository rule violations)", """
            remote: error: GH013: Repository rule violations found for refs/heads/main.
            remote: Review all repository rules at https://github.com/o/r/rules?ref=refs%2Fheads%2Fmain
            remote: - Cannot force-push to this branch
            """ },
        { RefusalClass.RuleViolation, true, "", """
            remote: error: GH013: Repository rule violations found for refs/heads/main.
            remote: - Changes must be made through a pull request.
            remote: - 12 of 12 required status checks are expected.
            """ },
        { RefusalClass.RuleViolation, true, "", """
            remote: error: GH013: Repository rule violations found for refs/heads/main.
            remote: - Code scanning is waiting for results
            """ },
        { RefusalClass.SecretFound, true, "!\tHEAD:refs/heads/main\t[remote rejected] (push declined due to repository rule violations)", """
            remote: error: GH013: Repository rule violations found for refs/heads/main.
            remote: - GITHUB PUSH PROTECTION
            remote:     - Push cannot contain secrets
            remote:       locations:
            remote:         - commit: 1a2b3c4
            remote:           path: .env:6
            """ },
        { RefusalClass.WorkflowScope, true, "!\tHEAD:refs/heads/main\t[remote rejected] (refusing to allow a Personal Access Token to create or update workflow `.github/workflows/x.yml` without `workflow` scope)", "" },
        { RefusalClass.WorkflowScope, true, "", " ! [remote rejected] main -> main (refusing to allow a Personal Access Token to create or update workflow `.github/workflows/x.yml` without `workflow` scope)" },
        { RefusalClass.WorkflowScope, true, "", " ! [remote rejected] main -> main (refusing to allow an OAuth App to create or update workflow `.github/workflows/x.yml` without `workflow` scope)" },
        { RefusalClass.WorkflowScope, true, "", " ! [remote rejected] main -> main (refusing to allow a GitHub App to create or update workflow `.github/workflows/x.yml` without `workflows` permission)" },
        { RefusalClass.LargeFile, true, "!\tHEAD:refs/heads/main\t[remote rejected] (pre-receive hook declined)", """
            remote: error: Trace: 7f
            remote: error: GH001: Large files detected. You may want to try Git Large File Storage - https://git-lfs.github.com.
            remote: error: File X is 124.44 MB; this exceeds GitHub's file size limit of 100.00 MB
            """ },
        { RefusalClass.PrivateEmail, true, "!\tHEAD:refs/heads/main\t[remote rejected] (push declined due to email privacy restrictions)", "remote: error: GH007: Your push would publish a private email address." },
        { RefusalClass.AccessDenied, true, "", """
            remote: Permission to o/r.git denied to u.
            fatal: unable to access 'https://github.com/o/r.git/': The requested URL returned error: 403
            """ },
        { RefusalClass.AccessDenied, true, "", "fatal: could not read Username for 'https://github.com': terminal prompts disabled" },
        { RefusalClass.AccessDenied, true, "", """
            git@github.com: Permission denied (publickey).
            fatal: Could not read from remote repository.
            """ },
        { RefusalClass.HookDeclined, true, "!\tHEAD:refs/heads/main\t[remote rejected] (pre-receive hook declined)", "remote: no commits on Fridays" },
        { RefusalClass.HookDeclined, true, "!\tHEAD:refs/heads/main\t[remote rejected] (hook declined)", "remote: error: hook declined to update refs/heads/main" },
        { RefusalClass.Detached, true, "", "fatal: You are not currently on a branch." },
        { RefusalClass.NoUpstream, true, "", "fatal: The current branch x has no upstream branch." },
        { RefusalClass.Network, false, "", "fatal: unable to access 'https://github.com/o/r.git/': Could not resolve host: github.com" },
        { RefusalClass.Network, false, "", "ssh: connect to host github.com port 22: Connection refused\nfatal: Could not read from remote repository." },
        { RefusalClass.Network, false, "", "error: RPC failed; curl 56 Recv failure: Connection reset by peer" },
        { RefusalClass.Network, false, "", "send-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly" },
        { RefusalClass.Network, false, "!\tHEAD:refs/heads/main\t[remote failure] (remote failed to report status)", "" },
        { RefusalClass.Network, false, "", "fatal: '/mnt/gone.git' does not appear to be a git repository" },
        { RefusalClass.Unknown, false, "!\tHEAD:refs/heads/main\t[remote rejected] (the moon is full)", "" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_row_of_the_table_has_its_class(RefusalClass expected, bool permanent, string output, string error)
    {
        var refusal = PushRefusal.Classify($"To https://github.com/o/r.git\n{output}\nDone\n", $"{error}\n{Failed}\n", 1, false);

        Assert.Equal((expected, permanent), (refusal.Class, refusal.Permanent));
        Assert.NotEmpty(refusal.Text);
        Assert.DoesNotContain('\n', refusal.Text);
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void The_class_does_not_depend_on_the_frame_around_the_text(RefusalClass expected, bool permanent, string output, string error)
    {
        var refusal = PushRefusal.Classify(output, error, 128, false);
        Assert.Equal((expected, permanent), (refusal.Class, refusal.Permanent));
    }

    [Fact]
    public void A_failing_local_hook_leaves_no_status_line_and_its_words_are_not_taken_for_gits()
    {
        var refusal = PushRefusal.Classify("", $"test database: Connection refused\n{Failed}\n", 1, false);

        Assert.Equal((RefusalClass.LocalHook, true), (refusal.Class, refusal.Permanent));
        Assert.Equal("pre-push hook failed: test database: Connection refused", refusal.Text);
    }

    [Fact]
    public void A_server_hooks_words_are_not_taken_for_gits() => Assert.Equal(RefusalClass.HookDeclined, PushRefusal.Classify(
        "To x\n!\tHEAD:refs/heads/main\t[remote rejected] (pre-receive hook declined)\nDone\n", $"remote: Connection refused by the licence server\n{Failed}\n", 1, false).Class);

    [Fact]
    public void A_warning_about_large_files_is_not_the_reason() => Assert.Equal(RefusalClass.RemoteAhead, PushRefusal.Classify(
        "To x\n!\tHEAD:refs/heads/main\t[rejected] (fetch first)\nDone\n", "remote: warning: GH001: Large files detected.\n", 1, false).Class);

    [Fact]
    public void A_push_that_took_too_long_is_the_networks_and_says_so()
    {
        var refusal = PushRefusal.Classify("", "git push took longer than 120 s and was killed with its children\n", -1, true);
        Assert.Equal((RefusalClass.Network, false, "git push took longer than 120 s and was killed with its children"), (refusal.Class, refusal.Permanent, refusal.Text));
    }

    [Fact]
    public void The_text_names_the_status_and_the_remotes_reasons() => Assert.Equal(
        "[remote rejected] (protected branch hook declined); error: GH006: Protected branch update failed for refs/heads/main.; - Changes must be made through a pull request.",
        PushRefusal.Classify("!\tHEAD:refs/heads/main\t[remote rejected] (protected branch hook declined)",
            "remote: error: GH006: Protected branch update failed for refs/heads/main.        \nremote: - Changes must be made through a pull request.\n", 1, false).Text);

    [Fact]
    public void Credentials_in_an_address_never_reach_the_text() => Assert.Equal(
        "fatal: unable to access 'https://***@github.com/o/r.git/': Could not resolve host: github.com",
        PushRefusal.Classify("", "fatal: unable to access 'https://me:ghp_secret@github.com/o/r.git/': Could not resolve host: github.com", 128, false).Text);
}
