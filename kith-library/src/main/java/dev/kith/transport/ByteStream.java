// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Broken;
import dev.kith.Handover;
import dev.kith.HasFd;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import java.io.NotSerializableException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * What {@link StreamLink} needs of a mechanism that carries bytes. Time-outs are as in {@code
 * Link}.
 */
interface ByteStream extends AutoCloseable {
    /** No byte could be moved in time. */
    int NOT_IN_TIME = -1;

    /** Reads what is there: how many bytes, 0 at the end of the stream, or {@link #NOT_IN_TIME}. */
    int read(MemorySegment buffer, long timeoutNanos) throws InterruptedException;

    /** Writes some of it: how many bytes, or {@link #NOT_IN_TIME}. */
    int write(MemorySegment buffer, long timeoutNanos) throws InterruptedException;

    /** Whether open descriptors travel along with the bytes. */
    default boolean passesFds() {
        return false;
    }

    /** Writes as above; the descriptors of the handles go with the first byte. */
    default int write(MemorySegment buffer, List<HasFd> handles, long timeoutNanos)
            throws InterruptedException {
        throw new UnsupportedOperationException("descriptors do not travel here");
    }

    /** The next so many descriptors of those that came with what was read. */
    default Handover arrived(int count) {
        throw new Broken("got=0, expected=" + count + " descriptors; none travel here");
    }

    /** Closes descriptors that came and that nobody took. */
    default void discard(List<Integer> fds) {}

    /** Ends what this side writes. */
    void endOutput() throws InterruptedException;

    /** Whether a read would not wait. */
    boolean isReady();

    /** Asks to be told once when a read may have become possible. */
    Waitable.Registration whenReady(Runnable wake);

    /** The public handle. */
    Object handle();

    /** As in {@code Link}. */
    Optional<Object> travels() throws NotSerializableException;

    /** As in {@code Link}. */
    default Optional<Peer> peer() {
        return Optional.empty();
    }

    /** As in {@code Link}. */
    default Optional<Address> remote() {
        return Optional.empty();
    }

    @Override
    void close();
}
