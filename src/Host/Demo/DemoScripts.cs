namespace Supervisor.Host.Demo;

/// <summary>The agents' programs: POSIX sh, and git where there is work to commit.</summary>
internal static class DemoScripts
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["committer.sh"] = """
            # Commits one numbered piece of work about every two seconds; a later run counts on from the last.
            id=$1
            n=$(git rev-list --count main..HEAD)
            while :; do
              n=$((n + 1))
              mkdir -p "work/$id"
              date >"work/$id/$n.txt"
              git add "work/$id" && git commit -q -m "$id work $n" || exit 1
              echo "committed work $n"
              sleep 2
            done
            """,
        ["crasher.sh"] = """
            # Works for a while, then crashes.
            echo "working"
            sleep 3
            echo "lost my way" >&2
            exit 1
            """,
        ["broken.sh"] = """
            # Never gets anywhere.
            echo "my settings are missing" >&2
            exit 1
            """,
        ["hanger.sh"] = """
            # Hangs in the middle of its work. When it is started again it finds what it had begun, and finishes it.
            if [ -f unfinished.txt ]; then
              git add unfinished.txt && git commit -q -m "hanger work 1" || exit 1
              while :; do
                echo "finished what I had begun"
                sleep 1
              done
            fi
            echo "beginning"
            printf '%s\n' "$1" >unfinished.txt
            exec sleep 100000
            """,
        ["stubborn.sh"] = """
            # Waits for a child that does not end when it is asked to; so neither does this.
            trap 'echo "asked to stop"' TERM
            sh "$1"
            echo "my child has ended"
            """,
        ["deaf.sh"] = """
            trap 'echo "SIGTERM came; I go on"' TERM
            echo "busy"
            while :; do sleep 1; done
            """,
        ["finisher.sh"] = """
            # Does one thing and is done.
            echo "the only page" >page.txt
            git add page.txt && git commit -q -m "finisher work 1" || exit 1
            sleep 1
            echo "done"
            """,
    };
}
