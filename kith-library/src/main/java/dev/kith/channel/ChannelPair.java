// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

/**
 * Two connected ends. What is sent on the second is received on the first; on a duplex mechanism
 * the other way round too.
 *
 * @param <T> the type of the values
 * @param first the receiving end, where the mechanism has only one direction
 * @param second the sending end, where the mechanism has only one direction
 */
public record ChannelPair<T>(Channel<T> first, Channel<T> second) implements AutoCloseable {
    /**
     * The end to receive on.
     *
     * @return the first
     */
    public Receiver<T> receiver() {
        return first;
    }

    /**
     * The end to send on.
     *
     * @return the second
     */
    public Sender<T> sender() {
        return second;
    }

    /** Closes both ends. */
    @Override
    public void close() {
        try {
            first.close();
        } finally {
            second.close();
        }
    }
}
