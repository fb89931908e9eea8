// SPDX-License-Identifier: Apache-2.0
/*
 * Kith's ring for one producer and one consumer, in C: the layout of docs/design/ring-layout.md. A header
 * of 8 bytes stands before each message, 8-byte aligned, and shares a cache line with a message that fits; its tag tells the lap, so nothing is zeroed:
 *
 *   63          32 31 30          0    tag = position / 8 with the top bit set
 *   |    tag     | 0 L | length + 1 |  length: of the message; L: the record ends at a multiple of 64
 *   |    tag     | 1 |    length    |  length: of a pad up to the end
 *
 * One release store of the header shows the message; the consumer's position is read seldom.
 */
#ifndef RING_H
#define RING_H

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

struct ring_cursors {
    _Alignas(128) _Atomic uint64_t released; /* the consumer's: the producer may write before released + capacity */
    _Alignas(128) char end[128];
};

/* One side of a ring: where it is, and what it knows of the other side. */
struct ring {
    struct ring_cursors *cursors;
    char *data;
    uint64_t capacity;
    uint64_t position;
    uint64_t known;    /* producer: the consumer's position when last read */
    uint64_t cleared;  /* producer: a place ahead where nothing looks like a header; 0: none */
    uint64_t released; /* consumer: its position when last published */
    uint64_t to_line;  /* consumer: whether the record in hand ends at a multiple of 64 */
};

static const uint64_t RING_PAD = UINT64_C(1) << 31, RING_LINE = UINT64_C(1) << 30;

static inline uint64_t ring_tag(uint64_t position) {
    return ((position >> 3) | RING_PAD) << 32;
}

static inline _Atomic uint64_t *ring_header(struct ring *ring, uint64_t position) {
    return (_Atomic uint64_t *) (ring->data + (position & (ring->capacity - 1)));
}

/* Whether a record is filled up to the end of a line, so that the next begins one. */
static inline uint64_t ring_to_line(uint64_t length) {
    return 8 + length <= 64 ? RING_LINE : 0;
}

static inline uint64_t ring_record(uint64_t position, uint64_t length, uint64_t to_line) {
    uint64_t to = to_line ? 63 : 7;
    return ((position + 8 + length + to) & ~to) - position;
}

static inline int ring_is_there(uint64_t header, uint64_t position) {
    return header >> 32 == ring_tag(position) >> 32;
}

/* What stood there a lap ago must not look like the next header. A load would wait for the line. */
static inline void ring_clear(struct ring *ring, uint64_t position) {
    if (position != ring->cleared) {
        atomic_store_explicit(ring_header(ring, position), 0, memory_order_relaxed);
    }
}

/* Where the header after the next will be, if the next message is as long: while nobody waits. */
static inline void ring_clear_ahead(struct ring *ring, uint64_t position) {
    if (position + 8 - ring->known <= ring->capacity) {
        atomic_store_explicit(ring_header(ring, position), 0, memory_order_relaxed);
        ring->cleared = position;
    }
}

static inline int ring_has_room(struct ring *ring, uint64_t end) {
    if (end - ring->known <= ring->capacity) {
        return 1;
    }
    /* acquire: pairs with the release in ring_release: what was there has been read */
    ring->known = atomic_load_explicit(&ring->cursors->released, memory_order_acquire);
    return end - ring->known <= ring->capacity;
}

/* Where to write a message of that length, or NULL if there is no room. */
static inline char *ring_claim(struct ring *ring, uint64_t length) {
    uint64_t to_end = ring->capacity - (ring->position & (ring->capacity - 1));
    uint64_t record = ring_record(ring->position, length, ring_to_line(length));
    /* 8 more: the place of the next header must be free as well */
    if (record > to_end) {
        record = ring_record(ring->position + to_end, length, ring_to_line(length));
        if (!ring_has_room(ring, ring->position + to_end + record + 8)) {
            return NULL;
        }
        uint64_t pad = ring->position;
        ring->position += to_end;
        ring_clear(ring, ring->position);
        atomic_store_explicit(ring_header(ring, pad), ring_tag(pad) | RING_PAD | to_end, memory_order_release);
    } else if (!ring_has_room(ring, ring->position + record + 8)) {
        return NULL;
    }
    if (ring->position + record > ring->cleared) {
        ring->cleared = 0; /* the message may reach over it */
    }
    return (char *) ring_header(ring, ring->position) + 8;
}

static inline void ring_publish(struct ring *ring, uint64_t length) {
    uint64_t at = ring->position;
    ring->position += ring_record(at, length, ring_to_line(length));
    ring_clear(ring, ring->position);
    /* release: pairs with the acquire in ring_peek: the message is there */
    atomic_store_explicit(ring_header(ring, at), ring_tag(at) | ring_to_line(length) | (length + 1), memory_order_release);
    ring_clear_ahead(ring, ring->position + ring_record(ring->position, length, ring_to_line(length)));
}

static inline void ring_release(struct ring *ring) {
    if (ring->released != ring->position) {
        ring->released = ring->position;
        atomic_store_explicit(&ring->cursors->released, ring->position, memory_order_release);
    }
}

/* The next message, or NULL if there is none. */
static inline const char *ring_peek(struct ring *ring, uint64_t *length) {
    for (;;) {
        uint64_t header = atomic_load_explicit(ring_header(ring, ring->position), memory_order_acquire);
        if (!ring_is_there(header, ring->position)) {
            ring_release(ring);
            return NULL;
        }
        uint64_t low = header & UINT32_MAX;
        if (!(low & RING_PAD)) {
            *length = (low & ~RING_LINE) - 1;
            ring->to_line = low & RING_LINE;
            return (const char *) ring_header(ring, ring->position) + 8;
        }
        ring->position += low & ~RING_PAD;
    }
}

static inline void ring_next(struct ring *ring, uint64_t length) {
    ring->position += ring_record(ring->position, length, ring->to_line);
    if (ring->position - ring->released >= ring->capacity / 8) {
        ring_release(ring);
    }
}

#endif
