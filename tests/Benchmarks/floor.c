/* The floor under every supervisor: fork, exec, waitpid, again. It decides nothing, writes nothing down and keeps no output.
   floor STAMP FIFO NAME... */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(char *stamp, char *fifo, char *name)
{
    pid_t pid = vfork();
    if (pid == 0) {
        execl(stamp, stamp, fifo, name, (char *)0);
        _exit(127);
    }
    return pid;
}

int main(int argc, char **argv)
{
    pid_t *pids = calloc(argc, sizeof *pids);
    if (argc < 4 || !pids)
        return 2;
    for (int i = 3; i < argc; i++)
        pids[i] = start(argv[1], argv[2], argv[i]);
    for (;;) {
        pid_t dead = wait(0);
        if (dead < 0)
            return 1;
        for (int i = 3; i < argc; i++)
            if (pids[i] == dead)
                pids[i] = start(argv[1], argv[2], argv[i]);
    }
}
