// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.lang.foreign.MemorySegment;

/** Takes the messages of a {@link RingConsumer}, in place. */
@FunctionalInterface
public interface RingHandler {
    /**
     * Takes one message: the bytes from {@code offset} to {@code offset + length} of {@code ring}.
     * They are there until this returns; what is kept must be copied. (A segment and an offset, not
     * a slice, because a slice is an object, and this makes none.)
     *
     * <p>If it throws, the message was not taken: it comes again.
     *
     * @param ring the memory of the ring
     * @param offset where the message begins, a multiple of 8
     * @param length its length in bytes
     */
    void onMessage(MemorySegment ring, long offset, int length);
}
