// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.channel.Link;
import dev.kith.linux.UnixSocket;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/** The bytes of a Unix socket. */
final class UnixStream implements ByteStream {
    private final UnixSocket socket;

    UnixStream(UnixSocket socket) {
        this.socket = socket;
    }

    @Override
    public int read(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        return timeoutNanos == Link.FOREVER
                ? socket.read(buffer)
                : socket.tryRead(buffer, Duration.ofNanos(timeoutNanos)).orElse(NOT_IN_TIME);
    }

    @Override
    public int write(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        return timeoutNanos == Link.FOREVER
                ? socket.write(buffer)
                : socket.tryWrite(buffer, Duration.ofNanos(timeoutNanos)).orElse(NOT_IN_TIME);
    }

    @Override
    public void endOutput() {
        socket.shutdownOutput();
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
    public Object handle() {
        return socket;
    }

    @Override
    public Optional<Object> travels() {
        return Optional.of(socket);
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
