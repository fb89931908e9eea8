// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Takes down what a process receives: each sender counts its messages from 1 on, and none may be
 * missing, double or in another place. A stamp is the sender's number, 8 bits, and its count.
 */
final class Tally {
    static final int COUNT_BITS = 56;

    /** The longest message. */
    static final int MOST_BYTES = 1 << 20;

    private static final int MOST_SENDERS = 256;

    private final long[] counts = new long[MOST_SENDERS];
    private final MemorySegment copy = Arena.global().allocate(MOST_BYTES, 64);
    private long count;
    private long stamp;
    private int length;

    /** Where the receiver copies a message to. */
    MemorySegment copy() {
        return copy;
    }

    void message(long stamp, int length) {
        int sender = (int) (stamp >>> COUNT_BITS);
        long expected = ((long) sender << COUNT_BITS) + counts[sender] + 1;
        if (stamp != expected) {
            throw new IllegalStateException(
                    "another message came than the one sent: "
                            + Long.toHexString(stamp)
                            + ", not "
                            + Long.toHexString(expected));
        }
        counts[sender]++;
        count++;
        this.stamp = stamp;
        this.length = length;
    }

    /** How many messages there were. */
    long count() {
        return count;
    }

    /** Of the last message. */
    long stamp() {
        return stamp;
    }

    /** Of the last message. */
    int length() {
        return length;
    }
}
