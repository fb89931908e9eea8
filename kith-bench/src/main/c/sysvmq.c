// SPDX-License-Identifier: Apache-2.0
/* Two System V message queues, one each way: sysvipc(7). */
#include "ping.h"
#include <sys/ipc.h>
#include <sys/msg.h>

static int forth = -1, back = -1, in, out;
static struct {
    long type;
    char text[8192];
} letter;

static void make(void) {
    forth = (int) need(msgget(IPC_PRIVATE, IPC_CREAT | 0600));
    back = (int) need(msgget(IPC_PRIVATE, IPC_CREAT | 0600));
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
    letter.type = 1;
    memcpy(letter.text, message, bytes);
    need(msgsnd(out, &letter, bytes, 0));
}

static void take(char *message, size_t bytes) {
    if ((size_t) need(msgrcv(in, &letter, sizeof letter.text, 0, 0)) != bytes) {
        errno = EMSGSIZE;
        fail("msgrcv");
    }
    memcpy(message, letter.text, bytes);
}

static void discard(void) {
    if (forth != -1) {
        msgctl(forth, IPC_RMID, NULL);
    }
    if (back != -1) {
        msgctl(back, IPC_RMID, NULL);
    }
}
