// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

/** Waits that an interrupt does not end. */
final class Persistent {
    private Persistent() {}

    /** A wait without end. */
    interface Wait {
        /** False if it was in vain. */
        boolean run() throws InterruptedException;
    }

    /** Waits again until it was not in vain; an interrupt is kept for later. */
    static void await(Wait wait) {
        boolean interrupted = false;
        for (boolean done = false; !done; ) {
            try {
                done = wait.run();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
