namespace Supervisor.Actors.Outside;

/// <summary>A worktree as <c>git status --porcelain=v2 -z --branch --untracked-files=all</c> tells it.</summary>
/// <param name="Head">Null: no commit yet.</param>
/// <param name="Branch">Null: detached.</param>
/// <param name="Embedded">Untracked folders that are repositories of their own.</param>
/// <param name="DirtySubmodules">Submodules whose own files differ from their commit.</param>
public sealed record WorktreeStatus(
    string? Head, string? Branch, IReadOnlyList<string> Changed, IReadOnlyList<string> Unmerged,
    IReadOnlyList<string> Untracked, IReadOnlyList<string> Embedded, IReadOnlyList<string> DirtySubmodules)
{
    public bool Clean => Changed.Count + Unmerged.Count + Untracked.Count + Embedded.Count == 0;

    public static WorktreeStatus Parse(string output)
    {
        string? head = null, branch = null;
        List<string> changed = [], unmerged = [], untracked = [], embedded = [], submodules = [];
        var records = output.Split('\0');
        for (var i = 0; i < records.Length; i++)
        {
            var record = records[i];
            switch (record)
            {
                // # branch.oid 6dd959729ae699234f184a1e7743daab76bdab8e   or (initial)
                case ['#', ..] when record.StartsWith("# branch.oid ", StringComparison.Ordinal):
                    head = record[13..] is "(initial)" ? null : record[13..];
                    break;
                // # branch.head agents/A1   or (detached)
                case ['#', ..] when record.StartsWith("# branch.head ", StringComparison.Ordinal):
                    branch = record[14..] is "(detached)" ? null : record[14..];
                    break;
                // 1 .M N... 100644 100644 100644 e69de29 e69de29 a file
                case ['1', ' ', ..]:
                    Tracked(record.Split(' ', 9));
                    break;
                // 2 R. N... 100644 100644 100644 e69de29 e69de29 R100 new name, then the old name as a record of its own
                case ['2', ' ', ..]:
                    Tracked(record.Split(' ', 10));
                    i++;
                    break;
                // u UU N... 100644 100644 100644 100644 e69de29 e69de29 e69de29 a file
                case ['u', ' ', ..]:
                    unmerged.Add(record.Split(' ', 11)[^1]);
                    break;
                // ? sub/   only a repository of its own is named as a folder when all files are listed
                case ['?', ' ', ..]:
                    (record.EndsWith('/') ? embedded : untracked).Add(record[2..].TrimEnd('/'));
                    break;
            }
        }

        return new WorktreeStatus(head, branch, changed, unmerged, untracked, embedded, submodules);

        void Tracked(string[] fields)
        {
            changed.Add(fields[^1]);

            // The third field is N... for a file, and S<c><m><u> for a submodule: m its tracked files, u its untracked ones.
            if (fields[2] is ['S', _, var modified, var extra] && (modified == 'M' || extra == 'U'))
            {
                submodules.Add(fields[^1]);
            }
        }
    }
}
