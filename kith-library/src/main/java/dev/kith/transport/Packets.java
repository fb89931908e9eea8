// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.HasFd;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.linux.UnixMessage;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * What {@link PacketLink} needs of a socket that carries packets. Time-outs are as in {@code Link}.
 */
interface Packets extends AutoCloseable {
    /** Sends a packet, whole; false if there was no room in time. */
    boolean send(MemorySegment packet, List<HasFd> handles, long timeoutNanos)
            throws InterruptedException;

    /** Takes a packet; null if none came in time. */
    UnixMessage receive(MemorySegment buffer, long timeoutNanos) throws InterruptedException;

    /** The longest packet that can be sent. */
    int maxPacketBytes();

    /** Whether the end is a packet like others, {@link EndMarker}; else it is a half-close. */
    boolean marksEnd();

    /** Ends what this side writes, where the end is a half-close. */
    void endOutput();

    /** Ends what this side reads, for every thread that waits. */
    void endInput();

    /** Whether a receive would not wait. */
    boolean isReady();

    /** Asks to be told once when a receive may have become possible. */
    Waitable.Registration whenReady(Runnable wake);

    /** The public handle, which also travels. */
    Serializable handle();

    /** Who is on the other side. */
    Optional<Peer> peer();

    @Override
    void close();
}
