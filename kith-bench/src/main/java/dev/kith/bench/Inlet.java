// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

/** Where a process receives messages. For one thread. */
interface Inlet {
    /** Takes what is there, each message to the {@link Tally}; says how many. */
    int drain(int limit);

    /** Waits a moment, after there was nothing. */
    void idle() throws InterruptedException;
}
