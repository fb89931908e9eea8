// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Messages that are one digit over and over, and the number that the digits of those received make:
 * 12 is message 1, then message 2. A message of two digits, or of none, makes a 9.
 */
final class Digits implements RingHandler {
    static final int TORN = 9;

    private int seen;

    /** Claims, fills and publishes a message of so many words; false if there was no room. */
    static boolean send(Claimer claimer, MemorySegment records, int digit, int words) {
        if (!claimer.tryClaim(words * Long.BYTES)) {
            return false;
        }
        fill(records, claimer.payload(), digit, words);
        claimer.publish(words * Long.BYTES);
        return true;
    }

    /** Sends a message of that digit, one of the next digit, and so on: as many words of each. */
    static void sendAll(Claimer claimer, MemorySegment records, int first, int... words) {
        for (int i = 0; i < words.length; i++) {
            send(claimer, records, first + i, words[i]);
        }
    }

    /** The digits of what is there now. */
    static int drained(Drain end) {
        Digits digits = new Digits();
        end.drain(digits, 10);
        return digits.seen();
    }

    /** How messages are taken. */
    interface Drain {
        int drain(RingHandler handler, int limit);
    }

    static void fill(MemorySegment records, long at, int digit, int words) {
        for (int word = 0; word < words; word++) {
            records.set(ValueLayout.JAVA_LONG, at + word * Long.BYTES, digit);
        }
    }

    /**
     * Sends words each of which would be a header in its place a lap later, and takes them: what a
     * ring that has been used for a while may hold.
     */
    static void mimic(Claimer claimer, Drainer drainer, MemorySegment records, int words) {
        claimer.tryClaim(words * Long.BYTES);
        long at = claimer.payload();
        for (int word = 0; word < words; word++, at += Long.BYTES) {
            long later = records.byteSize() + at;
            records.set(ValueLayout.JAVA_LONG, at, RingLayout.record(later, Long.BYTES));
        }
        claimer.publish(words * Long.BYTES);
        drainer.drain((_, _, _) -> {}, 1);
    }

    int seen() {
        return seen;
    }

    @Override
    public void onMessage(MemorySegment memory, long offset, int length) {
        long digit = length < Long.BYTES ? TORN : memory.get(ValueLayout.JAVA_LONG, offset);
        for (int at = 0; at + Long.BYTES <= length; at += Long.BYTES) {
            if (memory.get(ValueLayout.JAVA_LONG, offset + at) != digit) {
                digit = TORN;
            }
        }
        seen = seen * 10 + (digit < 1 || digit > TORN ? TORN : (int) digit);
    }
}
