// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.kith.codec.Codec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The message that ends a stream on a mechanism whose messages are the user's bytes and nothing
 * else: exactly these 16 bytes, "KITH" and twelve that were drawn at random once. A receiver that
 * is not Kith's sees them as a message.
 */
final class EndMarker {
    static final int BYTES = 16;

    /** What sends it where messages are written by a codec. */
    static final Codec<Integer> CODEC = Mark.MARK;

    private static final ValueLayout.OfLong HALF =
            JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final long FIRST = 0x4b495448_a92f1de6L;
    private static final long SECOND = 0x730cb855_d8e94f1bL;

    private EndMarker() {}

    /** Whether a message, given as exactly its bytes, is the marker. */
    static boolean isMarker(MemorySegment message) {
        return isMarker(message, 0, message.byteSize());
    }

    /** Whether the message that is so long and begins there is the marker. */
    static boolean isMarker(MemorySegment memory, long offset, long length) {
        return length == BYTES
                && memory.get(HALF, offset) == FIRST
                && memory.get(HALF, offset + 8) == SECOND;
    }

    /**
     * Writes the marker at the start of {@code target}, which has at least {@link #BYTES} bytes.
     */
    static void write(MemorySegment target) {
        target.set(HALF, 0, FIRST);
        target.set(HALF, 8, SECOND);
    }

    /** What sending a message that is the marker throws: its receiver would take it for the end. */
    static IllegalArgumentException refused(Object address) {
        return new IllegalArgumentException(
                address
                        + ": these 16 bytes ("
                        + Long.toHexString(FIRST)
                        + Long.toHexString(SECOND)
                        + ") are the mark that ends a stream, not a message; end() sends it");
    }

    /** Writes the marker as a message; its value is the length of it. */
    private enum Mark implements Codec<Integer> {
        MARK;

        @Override
        public long encode(Integer bytes, MemorySegment target) {
            EndMarker.write(target);
            return bytes;
        }

        @Override
        public Integer decode(MemorySegment source) {
            return (int) source.byteSize();
        }

        @Override
        public long fixedBytes() {
            return EndMarker.BYTES;
        }
    }
}
