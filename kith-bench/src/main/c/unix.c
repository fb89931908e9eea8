// SPDX-License-Identifier: Apache-2.0
/* A Unix stream socket with a name: unix(7). The kind of socket may be chosen before this is included. */
#include "ping.h"
#include <sys/socket.h>
#include <sys/un.h>

#ifndef SOCKET_TYPE
#define SOCKET_TYPE SOCK_STREAM
#endif

static char folder[] = "/tmp/kith-bench-XXXXXX";
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static int listener, peer;

static void make(void) {
    if (mkdtemp(folder) == NULL) {
        fail("mkdtemp");
    }
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", folder);
    listener = (int) need(socket(AF_UNIX, SOCKET_TYPE, 0));
    need(bind(listener, (struct sockaddr *) &address, sizeof address));
    need(listen(listener, 1));
}

static void begin_ping(void) {
    peer = (int) need(socket(AF_UNIX, SOCKET_TYPE, 0));
    need(connect(peer, (struct sockaddr *) &address, sizeof address));
    close(listener);
    discard();
}

static void begin_pong(void) {
    peer = (int) need(accept(listener, NULL, NULL));
    close(listener);
}

static void put(const char *message, size_t bytes) {
    write_whole(peer, message, bytes);
}

static void take(char *message, size_t bytes) {
    read_whole(peer, message, bytes);
}

static void discard(void) {
    unlink(address.sun_path);
    rmdir(folder);
}
