// SPDX-License-Identifier: Apache-2.0
/* Two connected Unix stream sockets without a name: socketpair(2). */
#include "ping.h"
#include <sys/socket.h>

static int ends[2], peer;

static void make(void) {
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
}

static void begin_ping(void) {
    peer = ends[0];
    close(ends[1]);
}

static void begin_pong(void) {
    peer = ends[1];
    close(ends[0]);
}

static void put(const char *message, size_t bytes) {
    write_whole(peer, message, bytes);
}

static void take(char *message, size_t bytes) {
    read_whole(peer, message, bytes);
}

static void discard(void) {}
