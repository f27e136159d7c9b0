/* The least that a relay can be: a pty, raw mode, two copies in one poll, the size, the status. What Python costs us is
 * measured against it; what else a relay must do (suspend, signals, pipes, recording) it does not. */
#define _GNU_SOURCE
#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { CHUNK = 1 << 16 };

static int pass(int from, int to) {
    static char data[CHUNK];
    ssize_t size = read(from, data, CHUNK), n = 0;
    for (char *at = data; size > 0; at += n, size -= n)
        if ((n = write(to, at, (size_t)size)) <= 0) return 0;
    return size == 0 && n > 0;
}

/* A paste larger than the terminal's buffer must not keep the output waiting. */
static void copy(int master) {
    static char keys[CHUNK];
    ssize_t have = 0, done = 0;
    for (;;) {
        struct pollfd fds[2] = {{master, POLLIN | (have > done ? POLLOUT : 0), 0}, {have > done ? -1 : 0, POLLIN, 0}};
        if (poll(fds, 2, -1) < 0) continue;
        if (fds[0].revents & POLLOUT) {
            ssize_t n = write(master, keys + done, (size_t)(have - done < 2048 ? have - done : 2048));
            if (n > 0) done += n;
        }
        if (fds[0].revents & (POLLIN | POLLHUP) && !pass(master, 1)) return;
        if (fds[1].revents) have = read(0, keys, CHUNK), done = 0;
    }
}

int main(int argc, char **argv) {
    struct termios before, raw;
    struct winsize size;
    int master, status = 0, is_terminal = !tcgetattr(0, &before);
    if (argc < 2 || !is_terminal || ioctl(0, TIOCGWINSZ, &size)) return 2;
    pid_t child = forkpty(&master, 0, &before, &size);
    if (!child) {
        execv(argv[1], argv + 1);
        _exit(127);
    }
    raw = before;
    cfmakeraw(&raw);
    tcsetattr(0, TCSANOW, &raw);
    copy(master);
    waitpid(child, &status, 0);
    tcsetattr(0, TCSANOW, &before);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
