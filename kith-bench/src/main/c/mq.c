// SPDX-License-Identifier: Apache-2.0
/* Two POSIX message queues, one each way: mq_overview(7). */
#include "ping.h"
#include <fcntl.h>
#include <mqueue.h>

static mqd_t forth, back, in, out;
static long most_bytes = 8192;

static mqd_t queue(const char *direction) {
    char name[64];
    snprintf(name, sizeof name, "/kith-bench-%d-%s", (int) getpid(), direction);
    struct mq_attr attributes = {.mq_maxmsg = 10, .mq_msgsize = most_bytes};
    mqd_t queue = (mqd_t) need(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes));
    mq_unlink(name); /* both sides inherit it: the name is not needed any more */
    return queue;
}

static void make(void) {
    forth = queue("forth");
    back = queue("back");
}

static void begin_ping(void) {
    out = forth;
    in = back;
}

static void begin_pong(void) {
    in = forth;
    out = back;
}

static void put(const char *message, size_t bytes) {
    need(mq_send(out, message, bytes, 0));
}

static void take(char *message, size_t bytes) {
    static char buffer[8192]; /* the kernel wants room for the largest message */
    if ((size_t) need(mq_receive(in, buffer, (size_t) most_bytes, NULL)) != bytes) {
        errno = EMSGSIZE;
        fail("mq_receive");
    }
    memcpy(message, buffer, bytes);
}

static void discard(void) {}
