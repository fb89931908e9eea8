// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Link;
import dev.kith.linux.TcpSocket;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/** The bytes of a TCP connection, by system calls. */
final class NativeTcpStream implements ByteStream {
    private final TcpSocket socket;

    NativeTcpStream(TcpSocket socket) {
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
    public Optional<Address> remote() {
        return Optional.of(TcpAddress.of(socket.remoteAddress()));
    }

    @Override
    public void close() {
        socket.close();
    }
}
