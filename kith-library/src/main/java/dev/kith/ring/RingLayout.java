// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Broken;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Where everything in a ring is, and what its words mean: the one place that knows offsets. For
 * programs in C the same is written down in docs/design/ring-layout.md.
 */
final class RingLayout {
    /*
     *      0 +--------------------------------------------------+
     *        | header: magic, kind, version, sizes, creator     |
     *    128 |   lost      u64  claims that dead producers left |
     *    136 |   producer  u64  who is the producer (SPSC)      |
     *    144 |   consumer  u64  who is the consumer             |
     *    256 +--------------------------------------------------+
     *        | attach table: slots of 128 bytes                 |
     *        |    +64  u64  the claim that this party wants,    |
     *        |              position, or -1: none   (MPSC)      |
     *        |    +72  u64  its bytes, pad included             |
     *   256 +128n +-----------------------------------------------+
     *     +0 | cursor    u64  next position >>> 3, 48 bits;     |
     *        |                winner's slot, 16 bits   (MPSC)   |
     *   +128 | released  u64  what the producers may use again  |
     *   +256 | taken     u64  what a successor begins at        |
     *   +384 | the consumer's parking word, u32                 |
     *   +512 | the producers' parking word, u32                 |
     *        +--------------------------------------------------+  next multiple of 512
     *        | data: a power of two of bytes                    |
     *        +--------------------------------------------------+
     *
     * A position counts bytes from the creation on and is a multiple of 8; it lies at
     * position & (capacity - 1) of the data. A record is a header word and the payload, filled up
     * to the next position that is a multiple of 8, or of 64 if bit 30 says so; it never goes over
     * the end of the data: a pad does.
     *
     *      63          32 31   30           0
     *     +--------------+---+---+-----------+
     *     | tag          | 0 | L | length + 1 |  record; L: it ends at a multiple of 64
     *     | tag          | 1 |       size     |  pad of size bytes, this word included
     *     +--------------+---+---+-----------+
     *
     * A producer sets L for what fits into a cache line with its word. So one that follows another
     * has a line to itself, which carries word and message to the other processor at once.
     *
     * The tag is (position >>> 3) with its top bit set. So a word is valid at one position only,
     * and zero is valid nowhere.
     */
    static final int KIND_SPSC = 1;
    static final int KIND_MPSC = 2;

    static final long LOST = 128;
    static final long PRODUCER = 136;
    static final long CONSUMER = 144;

    static final long TABLE = 256;
    static final long SLOT_BYTES = 128;
    static final long NOTE_POSITION = 64;
    static final long NOTE_BYTES = 72;
    static final long NO_NOTE = -1;

    static final long CURSOR = 0;
    static final long RELEASED = 128;
    static final long TAKEN = 256;
    static final long CONSUMER_PARKING = 384;
    static final long PRODUCER_PARKING = 512;
    static final long CURSORS_BYTES = 640;

    static final int HEADER_BYTES = 8;
    static final int LINE_BYTES = 64;
    static final long MIN_CAPACITY = 256;
    static final long MAX_CAPACITY = 1 << 30;

    private static final long POSITION_BITS = 48;
    private static final long POSITION_MASK = (1L << POSITION_BITS) - 1;
    private static final int TAG_SET = 0x8000_0000;
    private static final int PAD = 0x8000_0000;
    private static final int TO_LINE = 0x4000_0000;

    private RingLayout() {}

    /** Where the cursors begin. */
    static long cursors(int slots) {
        return TABLE + slots * SLOT_BYTES;
    }

    /** Where the data begins. */
    static long data(int slots) {
        return cursors(slots) + CURSORS_BYTES + 511 & -512;
    }

    /** Where the words of a slot begin. */
    static long slot(int slot) {
        return TABLE + slot * SLOT_BYTES;
    }

    static int longest(long capacity) {
        return (int) (capacity / 4) - HEADER_BYTES;
    }

    /** What a message of that length takes there, written as {@link #record} says. */
    static int recordBytes(long position, int length) {
        int bytes = length + HEADER_BYTES;
        return bytes <= LINE_BYTES ? toLine(position, bytes) : bytes + 7 & -8;
    }

    /** What a message of that length takes at the least. */
    static int packedBytes(int length) {
        return length + HEADER_BYTES + 7 & -8;
    }

    static int tag(long position) {
        return (int) (position >>> 3) | TAG_SET;
    }

    static boolean isTagged(long word, long position) {
        return (int) (word >>> 32) == tag(position);
    }

    /** The word of a record that takes {@link #recordBytes}. */
    static long record(long position, int length) {
        int low = length + HEADER_BYTES <= LINE_BYTES ? length + 1 | TO_LINE : length + 1;
        return (long) tag(position) << 32 | low;
    }

    /** The word of a record that takes {@link #packedBytes}. */
    static long packed(long position, int length) {
        return (long) tag(position) << 32 | length + 1;
    }

    /** The length of the message that the word of a record tells; to be checked. */
    static int length(long word) {
        return ((int) word & ~TO_LINE) - 1;
    }

    static long pad(long position, int bytes) {
        return (long) tag(position) << 32 | (bytes | PAD) & 0xffff_ffffL;
    }

    /**
     * What a word whose tag is right says: the bytes that the record takes, or minus those of a
     * pad. Nothing else may be believed of it.
     *
     * @throws Broken if the length is impossible
     */
    static int extent(long word, long position, long capacity, int longest) {
        int low = (int) word;
        long toWrap = capacity - (position & capacity - 1);
        int length = length(word);
        if (low > 0 && length >= 0 && length <= longest) {
            int bytes =
                    (low & TO_LINE) != 0
                            ? toLine(position, length + HEADER_BYTES)
                            : packedBytes(length);
            if (bytes <= toWrap) {
                return bytes;
            }
        }
        int padding = low & ~PAD;
        if (low < 0 && padding >= HEADER_BYTES && (padding & 7) == 0 && padding <= toWrap) {
            return -padding;
        }
        throw new Broken(
                "record at position "
                        + position
                        + ": its word is 0x"
                        + Long.toHexString(word)
                        + ", which is neither a length of at most "
                        + longest
                        + " plus 1 nor a pad of at most "
                        + toWrap
                        + " bytes: somebody has written over the ring");
    }

    /** The shared cursor of many producers: where the next claim begins, and who won the last. */
    static long cursor(long position, int slot) {
        return (long) slot << POSITION_BITS | position >>> 3 & POSITION_MASK;
    }

    static int cursorSlot(long cursor) {
        return (int) (cursor >>> POSITION_BITS);
    }

    /** The position of a cursor, whose upper bits are those after {@code base}. */
    static long cursorPosition(long cursor, long base) {
        return base + ((cursor - (base >>> 3) & POSITION_MASK) << 3);
    }

    /** Refuses the capacity of what would be made. */
    static void checkCapacity(String what, long capacity) {
        if (Long.bitCount(capacity) != 1 || capacity < MIN_CAPACITY || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    what
                            + " of capacity="
                            + capacity
                            + " bytes: expected a power of two from "
                            + MIN_CAPACITY
                            + " to "
                            + MAX_CAPACITY);
        }
    }

    /** A position that another process wrote: a multiple of 8, at most a ring after another. */
    static long checked(String what, long position, long from, long capacity) {
        long distance = position - from;
        if ((position & 7) != 0 || distance < 0 || distance > capacity) {
            throw new Broken(
                    what
                            + " of the ring is "
                            + position
                            + ", expected a multiple of 8 from "
                            + from
                            + " to "
                            + (from + capacity)
                            + ": somebody has written over the ring");
        }
        return position;
    }

    /** Whether a word names a party as the owner of a role: its slot + 1, and its generation. */
    static long owner(int slot, int generation) {
        return (long) generation << 32 | slot + 1;
    }

    private static int toLine(long position, int bytes) {
        return (int) ((position + bytes + LINE_BYTES - 1 & -LINE_BYTES) - position);
    }

    static MemorySegment zeros() {
        return Arena.global().allocate(1024 * Long.BYTES, LINE_BYTES);
    }
}
