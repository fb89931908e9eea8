// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

/** The threads of this package that any call may have to start. */
public final class OwnThreads {
    private OwnThreads() {}

    /**
     * Starts them. To be called before a thread blocks signals: those that it starts later inherit
     * its mask, and look as if they received them.
     */
    public static void start() {
        InterruptWatch.need();
        Waker.start();
    }
}
