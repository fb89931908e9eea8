// SPDX-License-Identifier: Apache-2.0
/* TCP over the loopback interface, without Nagle's delay: tcp(7). */
#include "ping.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static struct sockaddr_in address = {.sin_family = AF_INET};
static int listener, peer;

static void make(void) {
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    listener = (int) need(socket(AF_INET, SOCK_STREAM, 0));
    need(bind(listener, (struct sockaddr *) &address, length));
    need(listen(listener, 1));
    need(getsockname(listener, (struct sockaddr *) &address, &length));
}

static void without_delay(void) {
    int on = 1;
    need(setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    close(listener);
}

static void begin_ping(void) {
    peer = (int) need(socket(AF_INET, SOCK_STREAM, 0));
    need(connect(peer, (struct sockaddr *) &address, sizeof address));
    without_delay();
}

static void begin_pong(void) {
    peer = (int) need(accept(listener, NULL, NULL));
    without_delay();
}

static void put(const char *message, size_t bytes) {
    write_whole(peer, message, bytes);
}

static void take(char *message, size_t bytes) {
    read_whole(peer, message, bytes);
}

static void discard(void) {}
