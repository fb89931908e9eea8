// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.Message;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.codec.Codec;
import java.io.NotSerializableException;
import java.util.Optional;

/**
 * One open end as a mechanism supplies it; {@link Channel} is what users see of it.
 *
 * <p>Any number of threads may call any method at the same time. Time-outs are nanoseconds: 0 does
 * not wait, {@link #FOREVER} waits until there is something, the thread is interrupted, or the link
 * is closed.
 */
public interface Link extends AutoCloseable {
    /** The time-out that never passes. */
    long FOREVER = Long.MAX_VALUE;

    /**
     * Sends one message.
     *
     * @param <T> the type of the value
     * @param value not null
     * @param codec writes the value, straight into the mechanism's memory where it has any
     * @param options of this message; those that the traits rule out have been refused already
     * @param timeoutNanos how long to wait for room
     * @return false if there was no room in time; nothing was sent then
     * @throws InterruptedException if the thread was interrupted
     */
    <T> boolean send(T value, Codec<T> codec, SendOptions options, long timeoutNanos)
            throws InterruptedException;

    /**
     * Takes one message.
     *
     * @param <T> the type of the value
     * @param codec reads the value
     * @param acknowledge whether it shall be acknowledged at once, or later by {@link
     *     Message#acknowledge()}
     * @param timeoutNanos how long to wait
     * @return the message, or null if there was none in time
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws dev.kith.Closed if the link was closed, or the stream has ended
     */
    <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos)
            throws InterruptedException;

    /**
     * Takes one message and acknowledges it: for who wants no more of it than its value. What
     * {@link #receive} does, with no object for the message where the mechanism needs none.
     *
     * @param <T> the type of the value
     * @param codec reads the value
     * @param timeoutNanos how long to wait
     * @return the value, or null if there was no message in time
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws dev.kith.Closed if the link was closed, or the stream has ended
     */
    default <T> T receiveValue(Codec<T> codec, long timeoutNanos) throws InterruptedException {
        Message<T> message = receive(codec, true, timeoutNanos);
        return message == null ? null : message.value();
    }

    /**
     * Marks the end of what this end sends.
     *
     * @param consumers how many receivers each take one mark
     * @throws InterruptedException if the thread was interrupted
     */
    void end(int consumers) throws InterruptedException;

    /**
     * Whether the end of the stream was received.
     *
     * @return true from the receive on that met it
     */
    boolean isEnded();

    /**
     * Waits for the confirmation of what was sent.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    default void flush() throws InterruptedException {}

    /**
     * Whether the next receive would return or throw at once.
     *
     * @return true if it would not wait
     */
    boolean isReady();

    /**
     * Asks to be told once when a receive may have become possible.
     *
     * @param wake run in any thread; must not block
     * @return what takes the request back
     */
    Waitable.Registration whenReady(Runnable wake);

    /**
     * Where this end is, if opening it has picked that.
     *
     * @return the address for others to use, or empty if it is the one that was given
     */
    default Optional<Address> address() {
        return Optional.empty();
    }

    /**
     * Who is on the other side.
     *
     * @return the process, or empty if the mechanism does not tell
     */
    default Optional<Peer> peer() {
        return Optional.empty();
    }

    /**
     * Where the other side is.
     *
     * @return its address, or empty if it has none
     */
    default Optional<Address> remote() {
        return Optional.empty();
    }

    /**
     * The mechanism's public handle.
     *
     * @return the object that {@code unwrap} gives out
     */
    Object handle();

    /**
     * What another process needs to have this end too: a serialisable handle, which {@link
     * Transport#adopt} takes there, or nothing if the address says it all.
     *
     * @return the handle, or empty to open the address again
     * @throws NotSerializableException if the end cannot leave this process; says what to do
     *     instead
     */
    Optional<Object> travels() throws NotSerializableException;

    /** Lets go. Waiting calls throw {@link dev.kith.Closed}; returns when they are out. */
    @Override
    void close();
}
