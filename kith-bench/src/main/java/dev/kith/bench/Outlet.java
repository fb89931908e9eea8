// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

/** Where a process sends messages. For one thread. */
interface Outlet {
    /**
     * Sends a message, waiting for room.
     *
     * @param stamp its first 8 bytes
     * @param bytes how long it is
     */
    void put(long stamp, int bytes) throws InterruptedException;

    /** Makes visible what was kept back. */
    default void flush() {}
}
