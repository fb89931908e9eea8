// SPDX-License-Identifier: Apache-2.0
package dev.kith;

import java.util.Optional;

/**
 * One message with what the mechanism says about it.
 *
 * <p>A mechanism with the trait ACKNOWLEDGED delivers the message again, perhaps to another
 * process, if the receiver ends without {@link #acknowledge()}; on every other one acknowledging
 * does nothing.
 *
 * @param <T> the type of the value
 */
public interface Message<T> {
    /**
     * The decoded value.
     *
     * @return the value, never null
     */
    T value();

    /**
     * The length of the encoded value.
     *
     * @return bytes, as the mechanism carried them
     */
    long lengthBytes();

    /**
     * The priority it was sent with.
     *
     * @return 0 (lowest) where the mechanism has no priorities
     */
    default int priority() {
        return 0;
    }

    /**
     * The type it was sent with (System V queues).
     *
     * @return 0 where the mechanism has no types
     */
    default long type() {
        return 0;
    }

    /**
     * Who sent it.
     *
     * @return the process as the kernel knows it, or empty where the mechanism does not tell
     */
    default Optional<Peer> peer() {
        return Optional.empty();
    }

    /**
     * Whether it was delivered before to somebody who did not acknowledge it.
     *
     * @return false where the mechanism does not acknowledge
     */
    default boolean redelivered() {
        return false;
    }

    /** Says that the message is dealt with and need not be delivered again. */
    default void acknowledge() {}

    /**
     * Says that the message could not be dealt with.
     *
     * @param requeue whether it shall be delivered again
     */
    default void reject(boolean requeue) {}
}
