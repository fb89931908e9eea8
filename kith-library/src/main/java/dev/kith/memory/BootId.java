// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Peer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * The boot of the machine (/proc/sys/kernel/random/boot_id) as 16 bytes, in the order in which they
 * are written; zeros where it is not known.
 */
record BootId(long high, long low) {
    private static final ValueLayout.OfLong IN_ORDER = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);
    private static final BootId CURRENT = parse(Peer.current().bootId());

    static BootId current() {
        return CURRENT;
    }

    static BootId read(MemorySegment region, long at) {
        return new BootId(region.get(IN_ORDER, at), region.get(IN_ORDER, at + Long.BYTES));
    }

    void write(MemorySegment region, long at) {
        region.set(IN_ORDER, at, high);
        region.set(IN_ORDER, at + Long.BYTES, low);
    }

    /** As /proc prints it; empty if it is not known. */
    @Override
    public String toString() {
        return high == 0 && low == 0 ? "" : new UUID(high, low).toString();
    }

    private static BootId parse(String text) {
        if (text.isEmpty()) {
            return new BootId(0, 0);
        }
        UUID id = UUID.fromString(text);
        return new BootId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
