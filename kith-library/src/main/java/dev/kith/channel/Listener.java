// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.Waitable;
import dev.kith.codec.Codec;
import java.time.Duration;
import java.util.Optional;

/**
 * The side to which others connect.
 *
 * @param <T> the type of the values on its channels
 */
public interface Listener<T> extends Waitable, AutoCloseable {
    /**
     * Takes a name and begins to listen.
     *
     * @param <T> the type of the values
     * @param uri the address: {@code tcp://localhost:0} picks a free port, {@link #address()} says
     *     which
     * @param codec how values become bytes
     * @return the listener; close it
     * @throws dev.kith.AlreadyExists if somebody listens there
     * @throws IllegalArgumentException if the URI is wrong, or the mechanism has no listeners
     */
    static <T> Listener<T> open(String uri, Codec<T> codec) {
        return BoundListener.open(uri, codec);
    }

    /**
     * Waits for the next peer.
     *
     * @return a channel to it
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.Closed if the listener was closed
     */
    Channel<T> accept() throws InterruptedException;

    /**
     * Waits a limited time for the next peer.
     *
     * @param timeout how long to wait at most
     * @return a channel to it, or empty if none came in time
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.Closed if the listener was closed
     */
    Optional<Channel<T>> accept(Duration timeout) throws InterruptedException;

    /**
     * Where it listens.
     *
     * @return the address that others connect to
     */
    Address address();

    /** Stops listening and removes the name that it took; channels already accepted stay. */
    @Override
    void close();
}
