// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import dev.kith.Peer;

/**
 * Who is, or was, attached to a region in one of its slots.
 *
 * @param slot the index in the attach table
 * @param generation how many had the slot before, and this one: with the slot it names one
 *     attachment and no later one
 * @param role 1 producer, 2 consumer, or what the kind of region says
 * @param peer the process; its user is not recorded
 */
public record Party(int slot, int generation, int role, Peer peer) {
    /** The role of who writes. */
    public static final int PRODUCER = 1;

    /** The role of who reads. */
    public static final int CONSUMER = 2;

    @Override
    public String toString() {
        String name =
                switch (role) {
                    case PRODUCER -> "producer";
                    case CONSUMER -> "consumer";
                    default -> "party of role " + role;
                };
        return name + " " + peer + " in slot " + slot;
    }
}
