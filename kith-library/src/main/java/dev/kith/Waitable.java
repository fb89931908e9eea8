// SPDX-License-Identifier: Apache-2.0
package dev.kith;

/** Something that a {@code WaitSet} can wait for: a receiver, a listener, a worker's end. */
public interface Waitable {
    /**
     * Whether the next receive, accept or join would return or throw at once.
     *
     * @return true if there is something, or an end or an error, to be had without waiting
     */
    boolean isReady();

    /**
     * Asks to be told once when this may have become ready; it may be told in vain.
     *
     * @param wake run in any thread; must not block
     * @return what takes the request back; closing it twice does nothing
     */
    Registration whenReady(Runnable wake);

    /** A request that can be taken back. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
