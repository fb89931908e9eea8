// SPDX-License-Identifier: Apache-2.0
/*
 * Ping-pong between two processes: what the programs of this folder have in common.
 *
 * A program is one mechanism, used in the best way known from C. It includes this file and defines
 *
 *   make()           before the fork: what both sides inherit, or find by its name
 *   begin_ping()     after the fork, in the process that measures
 *   begin_pong()     after the fork, in the process that sends everything back
 *   put(message, n)  sends n bytes
 *   take(message, n) waits for n bytes
 *   discard()        removes what has a name or outlives its processes; may be called twice
 *
 * usage: PROGRAM bytes millis ping-cpu pong-cpu [stream pause]      (a CPU of -1: not pinned)
 * prints one line, times in nanoseconds: rounds=… bytes=… min=… p50=… p90=… p99=… p999=… max=… mean=…
 *
 * The first 8 bytes of a message count the rounds, and both sides check them. A stream goes one way: the
 * process that measures asks for messages by a negative number, and each time is that of 1000 of them, of
 * fewer where they are long. With a pause, in microseconds, before each message, it is the time from before a
 * message was sent until it has been read. One tenth of the time goes
 * by before the rounds are recorded. Whatever happens, it is over soon: an alarm ends a program that
 * hangs, the child dies with its parent, and nothing stays behind.
 */
#ifndef PING_H
#define PING_H

#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void make(void);
static void begin_ping(void);
static void begin_pong(void);
static void put(const char *message, size_t bytes);
static void take(char *message, size_t bytes);
static void discard(void);

enum { STREAM_ROUNDS = 200 /* are asked for at once */ };
enum { MOST_BYTES = 1 << 20, MOST_ROUNDS = 1 << 22, LEAST_NANOS = 25 /* no round is shorter */ };

static pid_t child;

/* Ends the program with what failed and why. */
static inline void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    if (child > 0) {
        kill(child, SIGKILL);
    }
    discard();
    exit(1);
}

/* The result of a call that returns -1 when it fails. */
#define need(call) need_result((long) (call), #call)

static inline long need_result(long result, const char *call) {
    if (result == -1) {
        fail(call);
    }
    return result;
}

static inline void write_whole(int fd, const char *message, size_t bytes) {
    while (bytes > 0) {
        ssize_t put = write(fd, message, bytes);
        if (put < 0 && errno != EINTR) {
            fail("write");
        }
        if (put > 0) {
            message += put;
            bytes -= (size_t) put;
        }
    }
}

static inline void read_whole(int fd, char *message, size_t bytes) {
    while (bytes > 0) {
        ssize_t got = read(fd, message, bytes);
        if (got == 0) {
            errno = EPIPE;
        }
        if (got == 0 || (got < 0 && errno != EINTR)) {
            fail("read");
        }
        if (got > 0) {
            message += got;
            bytes -= (size_t) got;
        }
    }
}

/* Memory that both sides of the fork see. */
static inline void *shared(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        fail("mmap");
    }
    return memory;
}

static int64_t nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void pin(int cpu) {
    if (cpu >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
        need(sched_setaffinity(0, sizeof set, &set));
    }
}

static void check(const char *message, uint64_t round) {
    uint64_t stamp;
    memcpy(&stamp, message, sizeof stamp);
    if (stamp != round) {
        errno = EBADMSG;
        fail("another message came than the one that was sent");
    }
}

static void pong(size_t bytes) {
    char *message = calloc(1, bytes);
    for (uint64_t round = 1;;) {
        take(message, bytes);
        int64_t asked;
        memcpy(&asked, message, sizeof asked);
        if (asked >= 0) {
            check(message, round++);
            put(message, bytes);
        }
        int64_t pause = 0;
        if (asked < 0 && bytes >= 2 * sizeof pause) {
            memcpy(&pause, message + sizeof pause, sizeof pause);
        }
        for (int64_t i = 1; i <= -asked; i++) {
            memcpy(message, &i, sizeof i);
            if (pause > 0) {
                usleep((useconds_t) pause);
                int64_t now = nanos();
                memcpy(message + sizeof now, &now, sizeof now);
            }
            put(message, bytes);
        }
    }
}

/* Takes messages until the time is up or the room for the times is full; says how many times those are. */
static size_t stream(char *message, size_t bytes, int64_t time, uint32_t *times, size_t room) {
    uint64_t in_a_round = bytes <= 8192 ? 1000 : bytes < 8000000 ? 8000000 / bytes : 1;
    uint64_t rounds = bytes <= 8192 ? STREAM_ROUNDS : STREAM_ROUNDS / 10;
    int64_t begin = nanos();
    size_t count = 0;
    while (nanos() - begin < time && count + rounds <= room) {
        int64_t asked = -(int64_t) (rounds * in_a_round);
        memcpy(message, &asked, sizeof asked);
        put(message, bytes);
        int64_t last = nanos();
        for (uint64_t i = 1; i <= rounds * in_a_round; i++) {
            take(message, bytes);
            check(message, i);
            if (i % in_a_round == 0) {
                int64_t now = nanos();
                times[count++] = now - last > UINT32_MAX ? UINT32_MAX : (uint32_t) (now - last);
                last = now;
            }
        }
    }
    return count;
}

/* Takes messages that are sent after a pause each, until the time is up; says how many. */
static size_t waits(char *message, size_t bytes, int64_t pause, int64_t time, uint32_t *times, size_t room) {
    int64_t begin = nanos();
    size_t count = 0;
    while (nanos() - begin < time) {
        int64_t asked = -10;
        memcpy(message, &asked, sizeof asked);
        memcpy(message + sizeof asked, &pause, sizeof pause);
        put(message, bytes);
        for (uint64_t i = 1; i <= (uint64_t) -asked; i++) {
            take(message, bytes);
            int64_t now = nanos();
            int64_t sent;
            memcpy(&sent, message + sizeof sent, sizeof sent);
            check(message, i);
            if (count < room) {
                times[count++] = now - sent > UINT32_MAX ? UINT32_MAX : (uint32_t) (now - sent);
            }
        }
    }
    return count;
}

/* Exchanges until the time is up or the room for the times is full; says how many rounds those were. */
static size_t ping(char *message, size_t bytes, uint64_t *round, int64_t time, uint32_t *times, size_t room) {
    int64_t begin = nanos();
    int64_t last = begin;
    size_t count = 0;
    while (last - begin < time && count < room) {
        ++*round;
        memcpy(message, round, sizeof *round);
        put(message, bytes);
        take(message, bytes);
        check(message, *round);
        int64_t now = nanos();
        times[count++] = now - last > UINT32_MAX ? UINT32_MAX : (uint32_t) (now - last);
        last = now;
    }
    return count;
}

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *) a;
    uint32_t y = *(const uint32_t *) b;
    return (x > y) - (x < y);
}

/* The smallest time that at least that many of a thousand rounds did not exceed. */
static uint32_t quantile(const uint32_t *times, size_t count, size_t thousandths) {
    return times[(count * thousandths + 999) / 1000 - 1];
}

static void report(uint32_t *times, size_t count, size_t bytes) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += times[i];
    }
    qsort(times, count, sizeof *times, by_size);
    printf("rounds=%zu bytes=%zu min=%u p50=%u p90=%u p99=%u p999=%u max=%u mean=%.1f\n", count, bytes,
            times[0], quantile(times, count, 500), quantile(times, count, 900), quantile(times, count, 990),
            quantile(times, count, 999), times[count - 1], sum / (double) count);
}

static void on_signal(int signal) {
    if (child > 0) {
        kill(child, SIGKILL);
    }
    discard();
    static const char ended[] = "the other side has ended\n";
    static const char stopped[] = "stopped by a signal, or out of time\n";
    const char *text = signal == SIGCHLD ? ended : stopped;
    ssize_t ignored = write(2, text, strlen(text));
    (void) ignored;
    _exit(1);
}

int main(int argc, char **argv) {
    int streams = argc == 7 && strcmp(argv[5], "stream") == 0;
    int64_t pause = streams ? strtol(argv[6], NULL, 10) : 0;
    if (argc != 5 && !streams) {
        fprintf(stderr, "usage: %s bytes millis ping-cpu pong-cpu [stream pause]\n", argv[0]);
        return 2;
    }
    size_t bytes = strtoul(argv[1], NULL, 10);
    int64_t time = strtol(argv[2], NULL, 10) * INT64_C(1000000);
    if (bytes < sizeof(uint64_t) || bytes > MOST_BYTES || time <= 0 || time > INT64_C(60000000000)) {
        fprintf(stderr, "%s: 8 to %d bytes, 1 to 60000 milliseconds\n", argv[0], MOST_BYTES);
        return 2;
    }
#ifdef FIXED_BYTES
    bytes = FIXED_BYTES;
#endif
    int signals[] = {SIGALRM, SIGHUP, SIGINT, SIGTERM, SIGCHLD};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        signal(signals[i], on_signal);
    }
    signal(SIGPIPE, SIG_IGN);
    alarm((unsigned) (time / INT64_C(1000000000)) + 10);

    make();
    pid_t parent = getpid();
    pid_t forked = fork();
    need(forked);
    if (forked == 0) {
        for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
            signal(signals[i], SIG_DFL);
        }
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) {
            _exit(1);
        }
        pin(atoi(argv[4]));
        begin_pong();
        pong(bytes);
    }
    child = forked;
    pin(atoi(argv[3]));
    begin_ping();

    char *message = calloc(1, bytes);
    size_t room = time / LEAST_NANOS < MOST_ROUNDS ? (size_t) (time / LEAST_NANOS) : MOST_ROUNDS;
    uint32_t *times = malloc(room * sizeof *times);
    memset(times, 1, room * sizeof *times); /* touched now, not while the clock runs */
    uint64_t round = 0;
    ping(message, bytes, &round, time / 10, times, room);
    size_t count = pause > 0 ? waits(message, bytes, pause, time, times, room)
                   : streams ? stream(message, bytes, time, times, room)
                             : ping(message, bytes, &round, time, times, room);

    signal(SIGCHLD, SIG_DFL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    discard();
    report(times, count, bytes);
    return 0;
}

#endif
