using System.Text.RegularExpressions;
using Supervisor.Messages.Repositories;

namespace Supervisor.Actors.Repositories;

/// <summary>Why a push did not arrive. <paramref name="Permanent"/>: trying the same again cannot help.</summary>
public sealed record Refusal(RefusalClass Class, bool Permanent, string Text);

/// <summary>
/// Reads what <c>git push --porcelain</c> left behind, under LC_ALL=C. The order of the rules matters: a hook's own words
/// ("Connection refused" from its test run) must not pass for git's. docs/pushes.md is this table for people.
/// </summary>
public static partial class PushRefusal
{
    private sealed record Rule(RefusalClass Class, bool Permanent, params string[] Any);

    private static readonly Rule[] Rules =
    [
        // ! [remote rejected] main -> main (refusing to allow a Personal Access Token to create or update workflow `...` without `workflow` scope)
        new(RefusalClass.WorkflowScope, true, "without `workflow` scope", "without `workflows` permission", "to create or update workflow"),
        new(RefusalClass.SecretFound, true, "GITHUB PUSH PROTECTION", "Push cannot contain secrets"),
        // Not the bare GH001: it also heads a mere warning about files over 50 MB.
        new(RefusalClass.LargeFile, true, "error: GH001", "exceeds GitHub's file size limit"),
        new(RefusalClass.PrivateEmail, true, "GH007", "email privacy restrictions", "publish a private email address"),
        new(RefusalClass.RuleViolation, true, "GH013", "repository rule violations"),
        new(RefusalClass.ProtectedBranch, true,
            "GH006", "protected branch hook declined", "not allowed to push code to protected branches", "(branch is currently checked out)"),
        new(RefusalClass.HookDeclined, true, "(pre-receive hook declined)", "(hook declined)", "hook declined to update", "(update hook declined)"),
        new(RefusalClass.StaleLease, false, "(stale info)", "(remote ref updated since checkout)"),
        new(RefusalClass.NeedsForce, true, "(needs force)", "(already exists)"),
        new(RefusalClass.RemoteAhead, false,
            "(fetch first)", "(non-fast-forward)", "tip of your current branch is behind", "remote contains work that you do", "but expected"),
        new(RefusalClass.Network, false, "[remote failure]"),
        new(RefusalClass.AccessDenied, true,
            "Permission to ", "The requested URL returned error: 403", "The requested URL returned error: 401", "Authentication failed",
            "could not read Username", "could not read Password", "Permission denied (", "Host key verification failed", "marked as read only",
            "Repository not found", "Access denied", "HTTP Basic: Access denied"),
        new(RefusalClass.Detached, true, "You are not currently on a branch"),
        new(RefusalClass.NoUpstream, true, "has no upstream branch"),
        new(RefusalClass.Network, false,
            "Could not resolve host", "Connection refused", "Connection reset", "Connection timed out", "Connection closed", "Operation timed out",
            "unexpected disconnect", "hung up unexpectedly", "early EOF", "Failed to connect", "Couldn't connect", "Network is unreachable",
            "No route to host", "RPC failed", "unable to access", "does not appear to be a git repository", "Could not read from remote repository"),
    ];

    public static Refusal Classify(string output, string error, int exitCode, bool timedOut)
    {
        if (timedOut)
        {
            return new Refusal(RefusalClass.Network, false, OneLine(error.Length > 0 ? error : "the push took too long and was ended"));
        }

        if (IsLocalHook(output, error, exitCode))
        {
            return new Refusal(RefusalClass.LocalHook, true, Told("pre-push hook failed", HookWords(error)));
        }

        var text = output + "\n" + error;
        var rule = Array.Find(Rules, rule => rule.Any.Any(words => text.Contains(words, StringComparison.OrdinalIgnoreCase)));
        return rule is null
            ? new Refusal(RefusalClass.Unknown, false, Told($"git push ended with {exitCode}", Telling(output, error)))
            : new Refusal(rule.Class, rule.Permanent, OneLine(Telling(output, error)));
    }

    /// <summary>A failing pre-push hook leaves no status line at all, only its own words and git's last one.</summary>
    private static bool IsLocalHook(string output, string error, int exitCode) =>
        exitCode == 1
        && !Lines(output).Any(line => line.StartsWith('!') || line.StartsWith("To ", StringComparison.Ordinal))
        && Lines(error).LastOrDefault()?.StartsWith("error: failed to push some refs", StringComparison.Ordinal) == true
        && !Lines(error).Any(line => line.StartsWith("remote: ", StringComparison.Ordinal) || line.StartsWith('!')
            || line.StartsWith("fatal: ", StringComparison.Ordinal) || line.StartsWith("send-pack: ", StringComparison.Ordinal)
            || line.StartsWith("error: RPC failed", StringComparison.Ordinal) || line.StartsWith("hint: ", StringComparison.Ordinal));

    private static string HookWords(string error) =>
        string.Join(' ', Lines(error).Where(line => !line.StartsWith("error: failed to push", StringComparison.Ordinal)));

    /// <summary>The lines a person needs: the remote's errors and its list, the status in brackets, else git's own error.</summary>
    private static string Telling(string output, string error)
    {
        // remote: error: GH013: Repository rule violations found for refs/heads/main.
        // remote: - Changes must be made through a pull request.
        // Where nothing looks like that, whatever the remote said: a hook has words of its own.
        var said = Lines(error).Where(line => line.StartsWith("remote: ", StringComparison.Ordinal)).ToArray();
        var errors = said.Where(line => RemoteLine().IsMatch(line)).ToArray();
        var remote = (errors.Length > 0 ? errors : said).Select(line => line["remote: ".Length..].Trim()).Where(line => line.Length > 0).Take(4);
        // !	HEAD:refs/heads/main	[remote rejected] (pre-receive hook declined)
        var status = Lines(output + "\n" + error).Where(line => line.StartsWith('!')).Select(Status).Distinct().Take(1);
        // fatal: unable to access 'http://127.0.0.1:1/x/': Failed to connect to 127.0.0.1 port 1 after 0 ms
        var fatal = Lines(error).Where(line => line.StartsWith("fatal: ", StringComparison.Ordinal) || line.StartsWith("ssh: ", StringComparison.Ordinal)).Take(2);
        var told = string.Join("; ", status.Concat(remote).Concat(fatal));
        return told.Length > 0 ? told : string.Join(' ', Lines(error).DefaultIfEmpty(output));
    }

    private static string Status(string line) => line.IndexOf('[', StringComparison.Ordinal) is >= 0 and var at ? line[at..] : line;

    private static string Told(string what, string words) => OneLine(words.Length == 0 ? what : $"{what}: {words}");

    /// <summary>One line for a person: no control characters, no credentials of a URL, at most 400 characters.</summary>
    public static string OneLine(string text)
    {
        var clean = Blanks().Replace(Credentials().Replace(text, "$1***@"), " ").Trim();
        return clean.Length <= 400 ? clean : clean[..397] + "...";
    }

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n').Select(line => line.Trim('\r', ' ')).Where(line => line.Length > 0);

    [GeneratedRegex(@"^remote: +(error: |- |File |fatal: |Permission |GitLab: |ERROR)")]
    private static partial Regex RemoteLine();

    [GeneratedRegex(@"([a-z][a-z0-9+.-]*://)[^/@\s]+@")]
    private static partial Regex Credentials();

    [GeneratedRegex(@"[\s\p{Cc}]+")]
    private static partial Regex Blanks();
}
