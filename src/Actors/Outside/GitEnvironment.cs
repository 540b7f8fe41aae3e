namespace Supervisor.Actors.Outside;

/// <summary>
/// The environment of every git the daemon starts. An allow-list, since a repository's hooks run inside it: an agent can write hooks,
/// and must not read the daemon's credentials for models through one.
/// </summary>
public static class GitEnvironment
{
    // GIT_DIR, GIT_INDEX_FILE, GIT_WORK_TREE and their like are absent on purpose: a daemon started from a hook would hand them on.
    private static readonly HashSet<string> Passed = new(StringComparer.Ordinal)
    {
        "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "SHELL",
        "SSH_AUTH_SOCK", "SSH_ASKPASS", "GH_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN",
        "http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "GNUPGHOME",
        "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_ASKPASS", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSL_NO_VERIFY",
        "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH",
    };

    /// <summary>Changes to the daemon's environment: null removes a name.</summary>
    public static IReadOnlyDictionary<string, string?> Changes(IEnumerable<string> inherited, IReadOnlyDictionary<string, string> extra)
    {
        var changes = inherited.Where(name => !Passed.Contains(name)).ToDictionary(name => name, string? (_) => null, StringComparer.Ordinal);
        changes["LC_ALL"] = "C";
        changes["GIT_TERMINAL_PROMPT"] = "0";
        changes["GIT_OPTIONAL_LOCKS"] = "0";
        changes["GIT_EDITOR"] = ":";
        changes["GIT_PAGER"] = "cat";
        foreach (var (name, value) in extra)
        {
            changes[name] = value;
        }

        return changes;
    }

    /// <summary>The ssh command that never asks. A command that is not plainly ssh is left alone: it may not know the option.</summary>
    public static string BatchSsh(string? configured)
    {
        if (string.IsNullOrWhiteSpace(configured))
        {
            return "ssh -oBatchMode=yes";
        }

        var program = configured.Trim().Split(' ', 2)[0];
        return Path.GetFileName(program) == "ssh" ? $"{configured.Trim()} -oBatchMode=yes" : configured;
    }
}
