// SPDX-License-Identifier: Apache-2.0
/* Shared memory, one message each way, and a futex on which the receiver always sleeps: futex(2). */
#include "ping.h"
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>

struct mailbox {
    _Alignas(128) _Atomic uint32_t full; /* 1: a message is there */
    char text[MOST_BYTES];
};

static struct mailbox *forth, *back, *in, *out;

static void make(void) {
    forth = shared(sizeof *forth);
    back = shared(sizeof *back);
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
    /* Empty already in a round trip; in a stream the receiver may have been held up. */
    while (atomic_load_explicit(&out->full, memory_order_acquire) == 1) { /* pairs with the store in take */
        sched_yield();
    }
    memcpy(out->text, message, bytes);
    atomic_store_explicit(&out->full, 1, memory_order_release); /* pairs with the load in take */
    syscall(SYS_futex, &out->full, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void take(char *message, size_t bytes) {
    while (atomic_load_explicit(&in->full, memory_order_acquire) == 0) {
        syscall(SYS_futex, &in->full, FUTEX_WAIT, 0, NULL, NULL, 0);
    }
    memcpy(message, in->text, bytes);
    atomic_store_explicit(&in->full, 0, memory_order_release); /* pairs with the load in put */
}

static void discard(void) {}
