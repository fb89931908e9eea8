// SPDX-License-Identifier: Apache-2.0
/* Two named pipes, one each way: fifo(7). */
#include "ping.h"
#include <fcntl.h>
#include <sys/stat.h>

static char folder[] = "/tmp/kith-bench-XXXXXX";
static char forth[64], back[64];
static int in, out;

static void make(void) {
    if (mkdtemp(folder) == NULL) {
        fail("mkdtemp");
    }
    snprintf(forth, sizeof forth, "%s/forth", folder);
    snprintf(back, sizeof back, "%s/back", folder);
    need(mkfifo(forth, 0600));
    need(mkfifo(back, 0600));
}

/* An open waits for the other side, so both open in the same order. */
static void begin_ping(void) {
    out = (int) need(open(forth, O_WRONLY));
    in = (int) need(open(back, O_RDONLY));
    discard();
}

static void begin_pong(void) {
    in = (int) need(open(forth, O_RDONLY));
    out = (int) need(open(back, O_WRONLY));
}

static void put(const char *message, size_t bytes) {
    write_whole(out, message, bytes);
}

static void take(char *message, size_t bytes) {
    read_whole(in, message, bytes);
}

static void discard(void) {
    unlink(forth);
    unlink(back);
    rmdir(folder);
}
