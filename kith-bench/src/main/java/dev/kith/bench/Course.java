// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.List;

/**
 * How messages go from the processes that send to those that receive.
 *
 * @param library which carries them
 * @param flavour how many send and receive
 * @param capacity of the buffer in bytes
 * @param idle what a side does that has to wait
 * @param how the sender hands a message over
 */
record Course(Library library, Flavour flavour, int capacity, Idle idle, How how) {
    /** Whose code. */
    enum Library {
        KITH,
        AGRONA,
        AERON
    }

    /** How many senders and receivers a buffer is made for. */
    enum Flavour {
        ONE_TO_ONE,
        MANY_TO_ONE,
        BROADCAST
    }

    /** What a side does that has to wait. */
    enum Idle {
        SPIN,
        YIELD,
        /** Spins, then sleeps: until it is woken, or where a library cannot, for ever longer. */
        BLOCK,
        /** Sleeps at once, until it is woken. */
        PARK
    }

    /** How a message is handed over. */
    enum How {
        /** Room is claimed and the message copied into it. */
        CLAIM,
        /** Likewise; in Aeron, all senders into one log. */
        SHARED_CLAIM,
        /** The library copies it. */
        OFFER,
        /** As CLAIM, and 32 messages are made visible together. */
        BATCH,
        /** As CLAIM, but only the first and the last 8 bytes are written and read. */
        EDGES
    }

    static Course parse(List<String> arguments) {
        return new Course(
                Library.valueOf(arguments.get(0)),
                Flavour.valueOf(arguments.get(1)),
                Integer.parseInt(arguments.get(2)),
                Idle.valueOf(arguments.get(3)),
                How.valueOf(arguments.get(4)));
    }

    /** What {@link #parse} reads. */
    List<String> arguments() {
        return List.of(
                library.name(),
                flavour.name(),
                Integer.toString(capacity),
                idle.name(),
                how.name());
    }

    /** What the JVMs do not start without. */
    List<String> flags() {
        return switch (library) {
            case KITH -> List.of();
            case AGRONA -> AgronaLanes.FLAGS;
            case AERON -> AeronLanes.FLAGS;
        };
    }
}
