// SPDX-License-Identifier: Apache-2.0
/* Two connected Unix datagram sockets: unix(7). */
#include "ping.h"
#include <sys/socket.h>

static int ends[2], peer;

static void make(void) {
    need(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
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
    need(send(peer, message, bytes, 0));
}

static void take(char *message, size_t bytes) {
    if ((size_t) need(recv(peer, message, bytes, 0)) != bytes) {
        errno = EMSGSIZE;
        fail("recv");
    }
}

static void discard(void) {}
