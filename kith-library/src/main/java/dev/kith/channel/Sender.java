// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.codec.Codec;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The end of a channel to which messages are given.
 *
 * <p>Any number of threads may send on one end: messages are always whole, and those of one thread
 * arrive in their order (those of a higher priority first, where there are priorities). Whether
 * several processes may hold the same end is the trait {@link Trait#MANY_WRITERS}.
 *
 * <p>If the receiving process dies, {@code send} throws {@link dev.kith.PeerDied} where the
 * mechanism has connected ends (pipes, sockets); where the kernel keeps the messages (queues),
 * sending goes on until the queue is full.
 *
 * @param <T> the type of the values
 */
public interface Sender<T> extends AutoCloseable {
    /**
     * Opens the sending end of an existing object, or connects to a listener.
     *
     * @param <T> the type of the values
     * @param uri the address, {@code fifo:/tmp/jobs}; docs/mechanisms has one page a scheme
     * @param codec how values become bytes
     * @return the end; close it
     * @throws dev.kith.NotFound if there is no such object
     * @throws IllegalArgumentException if the URI is wrong, or the mechanism has no end that is
     *     opened so
     */
    static <T> Sender<T> open(String uri, Codec<T> codec) {
        return LinkChannel.open(uri, codec, Direction.SEND);
    }

    /**
     * Opens an existing object to send, or connects to a listener, waiting a limited time where
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
    static <T> Sender<T> open(String uri, Codec<T> codec, Duration timeout)
            throws InterruptedException {
        return LinkChannel.open(uri, codec, Direction.SEND, timeout);
    }

    /**
     * Sends a message; waits while there is no room.
     *
     * @param value not null: {@link #end()} is what ends a stream
     * @throws InterruptedException if the thread was interrupted; the message was not sent, unless
     *     a part of it had gone already: the rest then follows by itself
     * @throws dev.kith.Closed if this end was closed, or ended
     * @throws dev.kith.PeerDied if nobody can receive any more
     */
    void send(T value) throws InterruptedException;

    /**
     * Sends a message with options; waits while there is no room.
     *
     * @param value not null
     * @param options what the mechanism offers: a priority, a type
     * @throws InterruptedException as for {@link #send(Object)}
     */
    void send(T value, SendOption... options) throws InterruptedException;

    /**
     * Sends a message if there is room now.
     *
     * @param value not null
     * @param options what the mechanism offers
     * @return whether it was sent
     */
    boolean trySend(T value, SendOption... options);

    /**
     * Sends a message, waiting a limited time for room.
     *
     * @param value not null
     * @param timeout how long to wait at most for room
     * @param options what the mechanism offers
     * @return whether it was sent
     * @throws InterruptedException as for {@link #send(Object)}
     */
    boolean trySend(T value, Duration timeout, SendOption... options) throws InterruptedException;

    /**
     * Sends a message without waiting for room or for a broker's confirmation. Messages sent so
     * keep their order.
     *
     * @param value not null
     * @param options what the mechanism offers
     * @return completed when the message is with the kernel, or confirmed by the broker
     */
    CompletionStage<Void> sendAsync(T value, SendOption... options);

    /**
     * Waits until everything given to {@link #sendAsync} is sent and confirmed.
     *
     * @throws InterruptedException if the thread was interrupted; what was given is still being
     *     sent
     */
    void flush() throws InterruptedException;

    /**
     * Ends the stream, in order after what was sent: the receiver gets everything, then {@code
     * receive} throws {@link dev.kith.Closed} and {@code forEach} returns. What Python programs do
     * with {@code put(None)}.
     *
     * @throws InterruptedException if the thread was interrupted before the mark was sent
     */
    void end() throws InterruptedException;

    /**
     * Ends the stream for several consumers of one queue, each of which takes one mark.
     *
     * @param consumers how many receive from it
     * @throws InterruptedException if the thread was interrupted before all marks were sent
     */
    void end(int consumers) throws InterruptedException;

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
     * name. The rest of a message of which a part had gone when its time passed, or its thread was
     * interrupted, is given 2 seconds to go on; {@link #flush()} waits for all of it.
     */
    @Override
    void close();
}
