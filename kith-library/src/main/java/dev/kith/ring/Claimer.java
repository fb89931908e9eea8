// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

/** How a flavour of ring gives out room and publishes it. One thread, one claim at a time. */
sealed interface Claimer permits SpscClaimer, MpscClaimer, BroadcastClaimer {
    /**
     * Claims room.
     *
     * @param length at most the longest message
     * @return false if there is none now
     */
    boolean tryClaim(int length);

    /** Where the payload of the claim is in the data. */
    long payload();

    /** Makes the claimed message visible, cut to {@code length}; false if it is kept back. */
    boolean publish(int length);

    /** Gives the claimed room back. */
    void abandon();

    /**
     * Whether what is published from now on may be kept back until {@link #flush()}; nothing is
     * kept back where that would make others wait.
     */
    void hold(boolean on);

    /** Makes visible what was kept back; false if nothing was. */
    boolean flush();

    /**
     * How long a message may be for which {@link #tryClaim} finds room now and which may then be
     * published shorter at no cost; -1 if there is none.
     */
    int room();

    /** Frees what the dead hold; called now and then by who waits for room. */
    default void sweep() {}
}
