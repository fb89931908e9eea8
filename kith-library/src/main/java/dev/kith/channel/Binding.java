// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.Waitable;

/** A listening end as a mechanism supplies it; {@link Listener} is what users see of it. */
public interface Binding extends AutoCloseable {
    /**
     * Takes one connection.
     *
     * @param timeoutNanos how long to wait; 0 does not, {@link Link#FOREVER} always does
     * @return an end connected to the peer, or null if none came in time
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.Closed if the binding was closed
     */
    Link accept(long timeoutNanos) throws InterruptedException;

    /**
     * Where it listens.
     *
     * @return the address with the port that was picked
     */
    Address address();

    /**
     * Whether accept would return at once.
     *
     * @return true if somebody waits to be accepted
     */
    boolean isReady();

    /**
     * Asks to be told once when somebody may have come.
     *
     * @param wake run in any thread; must not block
     * @return what takes the request back
     */
    Waitable.Registration whenReady(Runnable wake);

    /** Stops listening and removes the name that it took. */
    @Override
    void close();
}
