// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.HasFd;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.channel.Link;
import dev.kith.linux.UnixMessage;
import dev.kith.linux.UnixSocket;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The packets of a connected Unix socket of type SEQPACKET. */
record PacketSocket(UnixSocket socket) implements Packets {
    private static final HasFd[] NONE = {};

    @Override
    public boolean send(MemorySegment packet, List<HasFd> handles, long timeoutNanos)
            throws InterruptedException {
        if (timeoutNanos != Link.FOREVER) {
            Duration timeout = Duration.ofNanos(timeoutNanos);
            return socket.tryWrite(packet, handles, timeout).isPresent();
        }
        socket.write(packet, handles.isEmpty() ? NONE : handles.toArray(HasFd[]::new));
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
        return false;
    }

    @Override
    public void endOutput() {
        socket.shutdownOutput();
    }

    @Override
    public void endInput() {
        // The half-close has done that.
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
