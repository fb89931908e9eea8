// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

/** How an end of a ring waits: a consumer for a message, a producer for room. */
public enum Waiter {
    /**
     * Asks again and again. The shortest delay, and a processor for each end that waits: only where
     * there are more processors than such threads.
     */
    SPIN,

    /** Asks again and again, and lets other threads run in between. */
    YIELD,

    /**
     * Asks for a few microseconds while that has paid lately, then sleeps until it is woken: uses
     * no processor. The default.
     */
    BLOCK
}
