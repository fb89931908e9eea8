// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

/**
 * How an end of a ring waits: a consumer for a message, a producer for room. Each end chooses for
 * itself, and any goes with any on the other side.
 */
public enum Waiter {
    /**
     * Asks again and again. The shortest delay, and a processor for each end that waits: only where
     * there are more processors than such threads.
     */
    SPIN,

    /** Asks again and again, and lets other threads run in between. */
    YIELD,

    /**
     * Asks for some microseconds while that has paid lately, then sleeps until it is woken: as fast
     * as {@link #SPIN} while messages flow, and no processor while they do not. The default.
     *
     * <p>It learns from its own waits. It asks for 50 microseconds at the most; when that was in
     * vain it sleeps at once from then on, and asks again when sleeps turn out to be short. It does
     * not ask while other threads want the processor.
     */
    BLOCK,

    /**
     * Sleeps at once until it is woken, and never asks before: the least use of the processor, and
     * a wake-up, 5 to 30 microseconds, for every message that is waited for.
     */
    PARK
}
