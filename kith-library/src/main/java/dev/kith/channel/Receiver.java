// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.Message;
import dev.kith.Waitable;
import dev.kith.codec.Codec;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The end of a channel from which messages are taken.
 *
 * <p>Any number of threads may receive on one end; each message goes to one of them, whole. Whether
 * several processes may is the trait {@link Trait#MANY_READERS}. What a sender had sent before it
 * died is still received; then the stream ends, or, where the kernel keeps the messages, the
 * receiver waits for others.
 *
 * @param <T> the type of the values
 */
public interface Receiver<T> extends Waitable, AutoCloseable {
    /**
     * Opens the receiving end of an existing object.
     *
     * @param <T> the type of the values
     * @param uri the address, {@code fifo:/tmp/jobs}; docs/mechanisms has one page a scheme
     * @param codec how bytes become values
     * @return the end; close it
     * @throws dev.kith.NotFound if there is no such object
     * @throws IllegalArgumentException if the URI is wrong, or the mechanism has no end that is
     *     opened so
     */
    static <T> Receiver<T> open(String uri, Codec<T> codec) {
        return LinkChannel.open(uri, codec, Direction.RECEIVE);
    }

    /**
     * Opens an existing object to receive, or connects to a listener, waiting a limited time where
     * that waits for the other side: while the backlog of a listener is full, or another host is
     * silent.
     *
     * @param <T> the type of the values
     * @param uri the address
     * @param codec how values become bytes
     * @param timeout how long to wait at most
     * @return the end; close it
     * @throws InterruptedException if the thread was interrupted while it waited
     * @throws dev.kith.TimedOut if the time has passed
     * @throws dev.kith.NotFound if there is no such object
     * @throws IllegalArgumentException if the URI is wrong, or the mechanism has no end that is
     *     opened so
     */
    static <T> Receiver<T> open(String uri, Codec<T> codec, Duration timeout)
            throws InterruptedException {
        return LinkChannel.open(uri, codec, Direction.RECEIVE, timeout);
    }

    /**
     * Takes the next message; waits until there is one.
     *
     * @return the value, never null
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws dev.kith.Closed if this end was closed, or the stream has ended
     * @throws dev.kith.Broken if the bytes are not a message; a stream is closed then
     */
    T receive() throws InterruptedException;

    /**
     * Takes the next message if there is one now.
     *
     * @return the value, or empty if there is none now
     * @throws dev.kith.Closed if this end was closed, or the stream has ended
     */
    Optional<T> tryReceive();

    /**
     * Takes the next message, waiting a limited time.
     *
     * @param timeout how long to wait at most
     * @return the value, or empty if none came in time
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws dev.kith.Closed if this end was closed, or the stream has ended
     */
    Optional<T> tryReceive(Duration timeout) throws InterruptedException;

    /**
     * Takes the next message with what the mechanism says about it, to be acknowledged by the
     * caller.
     *
     * @return the message
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws dev.kith.Closed if this end was closed, or the stream has ended
     */
    Message<T> receiveMessage() throws InterruptedException;

    /**
     * Takes the next message with what the mechanism says about it, waiting a limited time.
     *
     * @param timeout how long to wait at most
     * @return the message, or empty if none came in time
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws dev.kith.Closed if this end was closed, or the stream has ended
     */
    Optional<Message<T>> tryReceiveMessage(Duration timeout) throws InterruptedException;

    /**
     * Gives every message to {@code action}, in order, until the stream ends.
     *
     * @param action gets one value at a time, in this thread
     * @throws InterruptedException if the thread was interrupted
     */
    void forEach(Consumer<? super T> action) throws InterruptedException;

    /**
     * Whether the end of the stream was received.
     *
     * @return true from the call on that met the end
     */
    boolean isEnded();

    /**
     * The address it was opened with.
     *
     * @return the address, with what was chosen on opening (a port, a key) filled in
     */
    Address address();

    /**
     * The mechanism's own handle, for what only it can do.
     *
     * @param <H> the type of the handle
     * @param type its class: {@code Fifo.class}
     * @return the handle; it stays this end's, so do not close it
     * @throws IllegalArgumentException if the handle is of another class; says which
     */
    <H> H unwrap(Class<H> type);

    /**
     * Lets go of this end. Waiting calls on it throw {@link dev.kith.Closed}. Does not remove a
     * name.
     */
    @Override
    void close();
}
