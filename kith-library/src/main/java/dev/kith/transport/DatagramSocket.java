// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.HasFd;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.channel.Link;
import dev.kith.linux.UnixDatagramSocket;
import dev.kith.linux.UnixMessage;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The datagrams of a Unix socket that has a name, or is connected to one. */
record DatagramSocket(UnixDatagramSocket socket) implements Packets {
    private static final HasFd[] NONE = {};

    @Override
    public boolean send(MemorySegment packet, List<HasFd> handles, long timeoutNanos)
            throws InterruptedException {
        if (timeoutNanos != Link.FOREVER) {
            return socket.trySend(packet, handles, Duration.ofNanos(timeoutNanos));
        }
        socket.send(packet, handles.isEmpty() ? NONE : handles.toArray(HasFd[]::new));
        return true;
    }

    @Override
    public UnixMessage receive(MemorySegment buffer, long timeoutNanos)
            throws InterruptedException {
        return timeoutNanos == Link.FOREVER
                ? socket.receive(buffer)
                : socket.tryReceive(buffer, Duration.ofNanos(timeoutNanos)).orElse(null);
    }

    @Override
    public int maxPacketBytes() {
        return socket.options().maxPacketBytes();
    }

    @Override
    public boolean marksEnd() {
        return true;
    }

    @Override
    public void endOutput() {
        throw new IllegalStateException("the end of datagrams is a packet");
    }

    @Override
    public void endInput() {
        socket.shutdownInput();
    }

    @Override
    public boolean isReady() {
        return socket.isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        return socket.whenReady(wake);
    }

    @Override
    public Serializable handle() {
        return socket;
    }

    @Override
    public Optional<Peer> peer() {
        return socket.peer();
    }

    @Override
    public void close() {
        socket.close();
    }
}
