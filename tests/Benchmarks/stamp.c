/* The agent of the benchmarks: its first instruction is a timestamp; then it tells it and waits to be killed.
   stamp FIFO NAME  ->  "NAME PID NANOSECONDS\n", one atomic write. */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static struct timespec born;

__attribute__((constructor(101))) static void stamp(void)
{
    clock_gettime(CLOCK_MONOTONIC, &born);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    char line[256];
    int length = snprintf(line, sizeof line, "%.200s %d %lld\n", argv[2], getpid(), born.tv_sec * 1000000000LL + born.tv_nsec);
    int fifo = open(argv[1], O_WRONLY | O_CLOEXEC);
    if (fifo < 0 || write(fifo, line, length) != length)
        return 1;
    close(fifo);
    for (;;)
        pause();
}
