// SPDX-License-Identifier: Apache-2.0
/* Two rings in shared memory, one each way, both sides spinning: see ring.h. */
#include "ping.h"
#include "ring.h"

#ifndef CAPACITY
#define CAPACITY (64 * 1024)
#endif

static struct ring forth, back, *in, *out;

static struct ring ring(void) {
    char *memory = shared(sizeof(struct ring_cursors) + CAPACITY);
    return (struct ring){
            .cursors = (struct ring_cursors *) memory,
            .data = memory + sizeof(struct ring_cursors),
            .capacity = CAPACITY};
}

static void make(void) {
    forth = ring();
    back = ring();
}

static void begin_ping(void) {
    out = &forth;
    in = &back;
}

static void begin_pong(void) {
    in = &forth;
    out = &back;
}

static void put(const char *message, size_t bytes) {
    char *room;
    while ((room = ring_claim(out, bytes)) == NULL) {
    }
    memcpy(room, message, bytes);
    ring_publish(out, bytes);
}

static void take(char *message, size_t bytes) {
    uint64_t length;
    const char *text;
    while ((text = ring_peek(in, &length)) == NULL) {
    }
    if (length != bytes) {
        errno = EMSGSIZE;
        fail("ring_peek");
    }
    memcpy(message, text, bytes);
    ring_next(in, length);
}

static void discard(void) {}
