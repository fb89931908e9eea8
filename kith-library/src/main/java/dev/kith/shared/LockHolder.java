// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Peer;

/**
 * Who holds something that is shared.
 *
 * @param peer the process
 * @param threadId the number of the thread in its JVM ({@link Thread#threadId()}); 0 if it has only
 *     just taken it
 * @param dead whether the process has ended, or has let go of the object: the next who wants it
 *     gets it
 */
public record LockHolder(Peer peer, long threadId, boolean dead) {
    @Override
    public String toString() {
        return "thread " + threadId + " of " + peer + (dead ? ", which has ended" : "");
    }
}
