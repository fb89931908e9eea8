// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

/**
 * What one comparison is about.
 *
 * @param mechanism over which the messages go
 * @param placement on which CPUs
 * @param bytes of a message
 * @param mode what is timed
 */
record Cell(Mechanism mechanism, Placement placement, int bytes, Mode mode) {
    /** What one time is. */
    enum Mode {
        /** A message there and back. */
        RTT,
        /** 1000 messages one way, as they arrive. */
        STREAM
    }

    /** A round trip. */
    Cell(Mechanism mechanism, Placement placement, int bytes) {
        this(mechanism, placement, bytes, Mode.RTT);
    }

    @Override
    public String toString() {
        return mechanism.name() + " " + placement.name() + " " + bytes + " B";
    }
}
