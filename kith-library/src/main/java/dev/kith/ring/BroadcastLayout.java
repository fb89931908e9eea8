// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

/** Where everything in a broadcast is. For programs in C: docs/design/ring-layout.md. */
final class BroadcastLayout {
    /*
     *      0 +--------------------------------------------------+
     *        | header                                           |
     *    256 +--------------------------------------------------+
     *        | attach table: slots of 128 bytes; of a subscriber|
     *        |    +64  u64  generation << 32 | policy + 1; 0:   |
     *        |              no subscriber, or one that has gone |
     *        |    +72  u64  messages taken                      |
     *        |    +80  u64  the next sequence number it reads   |
     *        |    +88  u64  messages lost                       |
     *   256 +128n +----------------------------------------------+
     *     +0 | cursor  u64  the next sequence number to claim   |
     *   +128 | tail    u64  the oldest that is not overwritten, |
     *        |              low 32 bits; how many void ones     |
     *        |              there were before it, high 32 bits  |
     *   +384 | the subscribers' parking word, u32               |
     *   +512 | the producers' parking word, u32                 |
     *   +640 | entries: 16 bytes for each 64 of the data        |
     *        +--------------------------------------------------+  next multiple of 512
     *        | data: a power of two of bytes; payloads alone    |
     *        +--------------------------------------------------+
     *
     * The message with the sequence number n has the entry n & (entries - 1):
     *
     *      63         40 39    32 31  30 29               0
     *     +-------------+--------+------+------------------+
     *     | n / entries | slot   | state| end of its room  |   0 void, 1 claimed, 2 published
     *     | + 1         |        |      | in units of 8    |
     *     +-------------+--------+------+------------------+
     *     | where the payload begins /8 | length           |   valid if published
     *     +-----------------------------+------------------+
     *
     * Its room begins at the end of the one before. No payload is ever where an entry is, so an
     * entry of an earlier lap is known by its tag and nothing need be zeroed.
     */
    static final int KIND = 3;
    static final int MOST_SLOTS = 256;

    static final long POLICY = 64;
    static final long TAKEN = 72;
    static final long NEXT = 80;
    static final long LOST = 88;

    static final long CURSOR = 0;
    static final long TAIL = 128;
    static final long ENTRIES = RingLayout.CURSORS_BYTES;
    static final int ENTRY_BYTES = 16;

    static final int VOID = 0;
    static final int CLAIMED = 1;
    static final int PUBLISHED = 2;

    static final long END_MASK = (1L << 30) - 1;
    private static final int STATE_SHIFT = 30;
    private static final int SLOT_SHIFT = 32;
    private static final int TAG_SHIFT = 40;
    private static final long STATE_MASK = 3L << STATE_SHIFT;

    private BroadcastLayout() {}

    /** How many entries there are. */
    static int entries(long capacity) {
        return (int) Math.max(16, capacity / 64);
    }

    /** Bytes of all that is between the attach table and the data. */
    static long cursorsBytes(long capacity) {
        return ENTRIES + (long) entries(capacity) * ENTRY_BYTES;
    }

    static long data(int slots, long capacity) {
        return RingLayout.cursors(slots) + cursorsBytes(capacity) + 511 & -512;
    }

    static long claimed(long tag, int slot, long end) {
        return tag << TAG_SHIFT
                | (long) slot << SLOT_SHIFT
                | (long) CLAIMED << STATE_SHIFT
                | end & END_MASK;
    }

    static long withState(long entry, int state) {
        return entry & ~STATE_MASK | (long) state << STATE_SHIFT;
    }

    static int state(long entry) {
        return (int) ((entry & STATE_MASK) >>> STATE_SHIFT);
    }

    static int slot(long entry) {
        return (int) (entry >>> SLOT_SHIFT) & 0xff;
    }

    static long tag(long entry) {
        return entry >>> TAG_SHIFT;
    }

    static long end(long entry) {
        return entry & END_MASK;
    }

    /** Units of 8 bytes from one end to a later one. */
    static long distance(long from, long to) {
        return to - from & END_MASK;
    }

    static long tail(long sequence, int voids) {
        return (long) voids << Integer.SIZE | sequence & 0xffff_ffffL;
    }

    static int voids(long tail) {
        return (int) (tail >>> Integer.SIZE);
    }

    /** The whole of the sequence number of a tail that is near to a cursor. */
    static long sequence(long tail, long cursor) {
        return cursor + ((int) tail - (int) cursor);
    }

    static long policy(Policy policy, int generation) {
        return (long) generation << Integer.SIZE | policy.ordinal() + 1;
    }

    /** The policy that a word says; null if none. */
    static Policy policy(long word) {
        int ordinal = (int) word - 1;
        Policy[] all = POLICIES;
        return ordinal >= 0 && ordinal < all.length ? all[ordinal] : null;
    }

    private static final Policy[] POLICIES = Policy.values();
}
