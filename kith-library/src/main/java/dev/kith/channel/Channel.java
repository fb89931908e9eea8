// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.Peer;
import dev.kith.codec.Codec;
import java.time.Duration;
import java.util.Optional;

/**
 * An end that both sends and receives.
 *
 * <pre>{@code
 * try (var jobs = Channel.open("mq:/jobs", Codec.utf8())) {
 *     jobs.send("first");
 *     System.out.println(jobs.receive());
 * }
 * }</pre>
 *
 * <p>An end can be captured by the task of a child process ({@code Worker}): one with a name is
 * opened there again by its name; one without (a pipe, a socketpair) is handed over, and this
 * process's copy is closed when the child has it, so that the end of the stream is seen when the
 * child ends. A pipe whose end several processes shall hold is made with {@code pipe:?shared=true}.
 *
 * @param <T> the type of the values
 */
public interface Channel<T> extends Sender<T>, Receiver<T> {
    /**
     * Opens an existing object for both directions, or connects to a listener.
     *
     * @param <T> the type of the values
     * @param uri the address, {@code mq:/jobs}; docs/mechanisms has one page a scheme
     * @param codec how values become bytes
     * @return the end; close it
     * @throws dev.kith.NotFound if there is no such object
     * @throws IllegalArgumentException if the URI is wrong, or the mechanism has no end that is
     *     opened so
     */
    static <T> Channel<T> open(String uri, Codec<T> codec) {
        return LinkChannel.open(uri, codec, Direction.BOTH);
    }

    /**
     * Opens an existing object for both directions, or connects to a listener, waiting a limited
     * time where that waits for the other side: while the backlog of a listener is full, or another
     * host is silent.
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
    static <T> Channel<T> open(String uri, Codec<T> codec, Duration timeout)
            throws InterruptedException {
        return LinkChannel.open(uri, codec, Direction.BOTH, timeout);
    }

    /**
     * Makes two connected ends without a name, to be given to a child or another thread.
     *
     * @param <T> the type of the values
     * @param uri {@code pipe:}, {@code socketpair:}
     * @param codec how values become bytes
     * @return the two ends
     * @throws IllegalArgumentException if the URI is wrong, or the mechanism has no pairs
     */
    static <T> ChannelPair<T> pair(String uri, Codec<T> codec) {
        return LinkChannel.pair(uri, codec);
    }

    /**
     * Who is on the other side.
     *
     * @return the process as the kernel knew it when the connection was made; empty where the
     *     mechanism has no other side or does not tell
     */
    Optional<Peer> peer();

    /**
     * Where the other side is.
     *
     * @return its address, {@code tcp://127.0.0.1:50412}; empty where it has none
     */
    Optional<Address> remote();

    @Override
    Address address();

    @Override
    <H> H unwrap(Class<H> type);

    @Override
    void close();
}
