// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

/**
 * What one comparison is about.
 *
 * @param mechanism over which the messages go
 * @param placement on which CPUs
 * @param bytes of a message
 */
record Cell(Mechanism mechanism, Placement placement, int bytes) {
    @Override
    public String toString() {
        return mechanism.name() + " " + placement.name() + " " + bytes + " B";
    }
}
