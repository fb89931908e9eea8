// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One of the subscribers of a broadcast. For the states and the proof see BroadcastMemory. */
final class BroadcastReader {
    private static final int LOOKS = 64;

    private final BroadcastMemory memory;
    private final BroadcastCursor cursor;
    private final Policy policy;

    /** Where messages are copied to before they are handed out; none for BLOCK. */
    private final MemorySegment copy;

    /** Of DROP_NEWEST alone. */
    private final Backlog backlog;

    /** How many empty drains there were: not each asks whether a producer lives. */
    private int idle;

    BroadcastReader(BroadcastMemory memory, int slot, int generation, Policy policy) {
        this.memory = memory;
        this.policy = policy;
        this.copy =
                policy == Policy.DROP_OLDEST || policy == Policy.LATEST
                        ? Arena.ofAuto().allocate(Math.max(1, memory.longest), Long.BYTES)
                        : MemorySegment.NULL;
        this.backlog = policy == Policy.DROP_NEWEST ? new Backlog(memory.capacity) : null;
        this.cursor = new BroadcastCursor(memory, slot, generation, policy);
    }

    /** Skips what a dead producer has claimed and not published. */
    void skipLeft() {
        cursor.skipLeft();
    }

    /** The producers wait for it no longer. */
    void leave() {
        cursor.leave();
    }

    Policy policy() {
        return policy;
    }

    long lost() {
        return cursor.lost();
    }

    long taken() {
        return cursor.taken();
    }

    /** Hands out what is there; how many messages. */
    int drain(RingHandler handler, int limit) {
        int count =
                switch (policy) {
                    case BLOCK -> drainInPlace(handler, limit);
                    case DROP_OLDEST -> drainCopies(handler, limit);
                    case DROP_NEWEST -> drainBacklog(handler, limit);
                    case LATEST -> drainLatest(handler, limit);
                };
        if (count == 0 && (++idle & LOOKS - 1) == 0) {
            skipLeft();
        }
        return count;
    }

    /** Whether the next drain would find nothing. */
    boolean isEmpty() {
        return !(backlog != null && backlog.count() > 0) && !cursor.find();
    }

    /** Whether {@link #isEmpty()} would say no: for any thread, moves nothing. */
    boolean isReady() {
        if (backlog != null && backlog.count() > 0) {
            return true;
        }
        long at = cursor.told();
        for (int look = 0; look < memory.count; look++, at++) {
            long entry = memory.entry(at);
            if (!memory.isOf(entry, at)) {
                return memory.tail() - at > 0;
            }
            int state = BroadcastLayout.state(entry);
            if (state == BroadcastLayout.PUBLISHED) {
                return true;
            }
            if (state == BroadcastLayout.CLAIMED && !memory.isLeft(entry)) {
                return false;
            }
        }
        return true;
    }

    /** How many messages were published and neither taken nor lost. */
    long lagMessages() {
        long waiting = backlog == null ? 0 : backlog.count();
        long at = cursor.next;
        if (cursor.isOvertaken(at)) {
            at = cursor.next;
        }
        for (; ; at++) {
            long entry = memory.entry(at);
            if (!memory.isOf(entry, at)
                    || BroadcastLayout.state(entry) == BroadcastLayout.CLAIMED) {
                return waiting;
            }
            if (BroadcastLayout.state(entry) == BroadcastLayout.PUBLISHED) {
                waiting++;
            }
        }
    }

    /** How many bytes of the ring lie between this subscriber and the producers. */
    long lagBytes() {
        long tail = memory.tail();
        long from = memory.entry(Math.max(tail, cursor.next) - 1);
        long to = memory.entry(memory.cursor() - 1);
        long bytes = BroadcastLayout.distance(BroadcastLayout.end(from), BroadcastLayout.end(to));
        return Math.min(bytes << 3, memory.capacity);
    }

    private int drainInPlace(RingHandler handler, int limit) {
        int count = 0;
        while (count < limit && cursor.find()) {
            handler.onMessage(memory.records, cursor.index, cursor.length);
            KillPoints.pass("subscriber.handled");
            cursor.took();
            count++;
        }
        return count;
    }

    private int drainCopies(RingHandler handler, int limit) {
        int count = 0;
        while (count < limit && cursor.find()) {
            if (cursor.isCopied(cursor.next, copy, 0)) {
                handler.onMessage(copy, 0, cursor.length);
                KillPoints.pass("subscriber.handled");
                cursor.took();
                count++;
            }
        }
        return count;
    }

    private int drainLatest(RingHandler handler, int limit) {
        int count = 0;
        while (count < limit && cursor.find()) {
            long last = cursor.next;
            int lastVoids = cursor.voids;
            int passed = 0;
            int voidsHere = cursor.voids;
            for (long at = cursor.next + 1; at - cursor.next < memory.count; at++) {
                long entry = memory.entry(at);
                int state = BroadcastLayout.state(entry);
                if (!memory.isOf(entry, at) || state == BroadcastLayout.CLAIMED) {
                    break;
                }
                if (state == BroadcastLayout.VOID) {
                    voidsHere++;
                } else {
                    last = at;
                    lastVoids = voidsHere;
                    passed++;
                }
            }
            if (cursor.describe(last) && cursor.isCopied(last, copy, 0)) {
                handler.onMessage(copy, 0, cursor.length);
                KillPoints.pass("subscriber.handled");
                cursor.lose(passed);
                cursor.next = last;
                cursor.voids = lastVoids;
                cursor.took();
                count++;
            }
        }
        return count;
    }

    private int drainBacklog(RingHandler handler, int limit) {
        int count = 0;
        fill();
        while (count < limit && backlog.count() > 0) {
            long first = backlog.first();
            handler.onMessage(backlog.memory, first, backlog.length(first));
            KillPoints.pass("subscriber.handled");
            backlog.remove();
            cursor.count();
            count++;
            fill();
        }
        return count;
    }

    /** Takes what has come into the backlog, and drops what does not fit; a lap at the most. */
    private void fill() {
        for (int look = 0; look < memory.count && cursor.find(); look++) {
            long room = backlog.room(cursor.length);
            if (room < 0) {
                cursor.lose(1);
                cursor.pass();
            } else if (cursor.isCopied(cursor.next, backlog.memory, room)) {
                backlog.add(cursor.length);
                cursor.pass();
            }
        }
    }
}
