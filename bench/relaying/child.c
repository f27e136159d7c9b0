/* The program that every peer runs. It notes its times in FILE, which is mapped: nothing of that is in the figures.
 *
 *   child stamp FILE        notes when main() began and when it ends
 *   child hold FILE BYTES   raw; says READY; 'b' makes it write BYTES, 'q' makes it note its end and go
 *   child soak BYTES        raw; says READY; reads BYTES, says GOT; then 'q'
 *   child keys RATE         raw; says READY; answers each key with \x01 and the key, writing RATE bytes a second besides
 *   child copy              stdin to stdout
 */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 1 << 16, BEGAN = 1, ENDED = 2 };

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int64_t *times_in(const char *path) {
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *p = fd < 0 ? MAP_FAILED : mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED) exit(74);
    close(fd);
    return p;
}

static void put(const char *data, size_t size) {
    while (size) {
        ssize_t n = write(1, data, size);
        if (n <= 0) exit(74);
        data += n;
        size -= (size_t)n;
    }
}

/* What a full-screen program writes: colours, moves, UTF-8. */
static char *text_of(size_t size) {
    char *text = malloc(size + 256);
    size_t at = 0;
    for (unsigned i = 0; at < size; i++)
        at += (size_t)snprintf(text + at, 256, "\x1b[%u;%uH\x1b[38;5;%um\x1b[1mline %u\x1b[0m \xe2\x94\x82 some words of "
                               "an answer, \x1b[48;2;%u;20;60mmarked\x1b[49m\x1b[K\r\n", i % 40 + 1, i % 7 + 1, i % 256, i, i % 256);
    return text;
}

static void flood(long long bytes) {
    static char *text;
    if (!text) text = text_of(CHUNK);
    for (; bytes > 0; bytes -= CHUNK) put(text, bytes < CHUNK ? (size_t)bytes : CHUNK);
}

static void ready(void) {
    struct termios modes;
    if (!tcgetattr(0, &modes)) {
        cfmakeraw(&modes);
        tcsetattr(0, TCSANOW, &modes);
    }
    put("READY\r\n", 7);
}

static int hold(int64_t *times, long long bytes) {
    char key;
    ready();
    while (read(0, &key, 1) == 1) {
        if (key == 'b') flood(bytes);
        if (key == 'q') break;
    }
    times[ENDED] = now();
    return 0;
}

static int soak(long long bytes) {
    static char data[CHUNK];
    ready();
    while (bytes > 0) {
        ssize_t n = read(0, data, bytes < CHUNK ? (size_t)bytes : CHUNK);
        if (n <= 0) return 74;
        bytes -= n;
    }
    put("GOT\r\n", 5);
    return read(0, data, 1) != 1;
}

static int keys(long long rate) {
    char *text = text_of(CHUNK), in[64], echo[2] = {1};
    int64_t began = now();
    long long sent = 0;
    struct pollfd from = {0, POLLIN, 0};
    ready();
    for (;;) {
        if (poll(&from, 1, rate ? 1 : -1) > 0) {
            ssize_t n = read(0, in, sizeof in);
            if (n <= 0 || memchr(in, 'q', (size_t)n)) return 0;
            for (ssize_t i = 0; i < n; i++) echo[1] = in[i], put(echo, 2);
        }
        long long due = (now() - began) / 1000 * rate / 1000000 - sent;
        if (due > CHUNK) due = CHUNK;
        if (due > 0) put(text, (size_t)due), sent += due;
    }
}

static int copy(void) {
    static char data[CHUNK];
    ssize_t n;
    while ((n = read(0, data, sizeof data)) > 0) put(data, (size_t)n);
    return n < 0;
}

int main(int argc, char **argv) {
    int64_t began = now();
    const char *what = argc > 1 ? argv[1] : "", *given = argc > 2 ? argv[2] : "";
    if (!strcmp(what, "stamp")) {
        int64_t *times = times_in(given);
        times[BEGAN] = began;
        times[ENDED] = now();
        return 0;
    }
    if (!strcmp(what, "hold")) return hold(times_in(given), argc > 3 ? atoll(argv[3]) : 0);
    if (!strcmp(what, "soak")) return soak(atoll(given));
    if (!strcmp(what, "keys")) return keys(atoll(given));
    if (!strcmp(what, "copy")) return copy();
    puts("1.0.0 (bench)");
    return 0;
}
