// SPDX-License-Identifier: Apache-2.0
/*
 * One buffer in shared memory and one line that says whose turn it is: the sender copies a message in with
 * memcpy, the receiver copies it out with memcpy, and they never do so at the same time. So a message costs
 * two copies and two trips of the line: the bandwidth of memcpy between two places.
 */
#include "ping.h"
#include <stdatomic.h>

struct box {
    _Alignas(128) _Atomic uint64_t full;
    _Alignas(128) char text[MOST_BYTES];
};

static struct box *forth, *back, *in, *out;

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
    while (atomic_load_explicit(&out->full, memory_order_acquire) == 1) { /* pairs with the store in take */
    }
    memcpy(out->text, message, bytes);
    atomic_store_explicit(&out->full, 1, memory_order_release); /* pairs with the load in take */
}

static void take(char *message, size_t bytes) {
    while (atomic_load_explicit(&in->full, memory_order_acquire) == 0) {
    }
    memcpy(message, in->text, bytes);
    atomic_store_explicit(&in->full, 0, memory_order_release);
}

static void discard(void) {}
