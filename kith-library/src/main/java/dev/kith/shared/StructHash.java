// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Broken;
import dev.kith.codec.StructLayout;
import java.nio.charset.StandardCharsets;

/** By which a struct in shared memory is known to be of the record that it is opened as. */
final class StructHash {
    private StructHash() {}

    /** FNV-1a, of names, types and offsets. */
    static long of(StructLayout<?> layout) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : layout.toNumpy().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ each & 0xff) * 0x100000001b3L;
        }
        return hash;
    }

    /**
     * Throws if it is a struct of another record.
     *
     * @param at where the hash is, behind what is common to shared objects
     */
    static void check(Opened opened, long at, StructLayout<?> layout) {
        long expected = of(layout);
        long found = opened.region().segment().get(JAVA_LONG, opened.own() + at);
        if (found != expected) {
            throw new Broken(
                    opened.region()
                            + " is a struct of another record, or its components have changed:"
                            + " expected="
                            + layout.type().getName()
                            + ", hash="
                            + Long.toHexString(expected)
                            + ", found hash="
                            + Long.toHexString(found)
                            + "; open it as what it is");
        }
    }
}
