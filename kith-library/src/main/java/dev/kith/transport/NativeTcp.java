// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Binding;
import dev.kith.channel.Link;
import dev.kith.linux.TcpListener;
import dev.kith.linux.TcpSocket;
import java.net.InetSocketAddress;
import java.time.Duration;

/** TCP by system calls: one for a send, one for a receive, as in C. */
final class NativeTcp implements Tcp {
    @Override
    public Link connect(
            Address address, InetSocketAddress to, TcpOptions options, long timeoutNanos)
            throws InterruptedException {
        int capacity = options.capacityBytes();
        TcpSocket socket =
                timeoutNanos == Link.FOREVER
                        ? TcpSocket.connect(to, capacity)
                        : Connecting.inTime(
                                address,
                                timeoutNanos,
                                TcpSocket.connect(to, capacity, Duration.ofNanos(timeoutNanos)));
        return link(socket, address, options);
    }

    @Override
    public Binding listen(Address address, InetSocketAddress at, TcpOptions options) {
        TcpListener listener = TcpListener.bind(at, options.capacityBytes());
        return new Bound(TcpAddress.bound(address, listener.localAddress()), listener, options);
    }

    /** The messages of a socket. */
    static Link link(TcpSocket socket, Address address) {
        return new StreamLink(new NativeTcpStream(socket), address);
    }

    private static Link link(TcpSocket socket, Address address, TcpOptions options) {
        // Said already where they go at once.
        return link(options.noDelay() ? socket : socket.noDelay(false), address);
    }

    private record Bound(Address address, TcpListener listener, TcpOptions options)
            implements Binding {
        @Override
        public Link accept(long timeoutNanos) throws InterruptedException {
            TcpSocket socket =
                    timeoutNanos == Link.FOREVER
                            ? listener.accept()
                            : listener.accept(Duration.ofNanos(timeoutNanos)).orElse(null);
            return socket == null ? null : link(socket, address, options);
        }

        @Override
        public boolean isReady() {
            return listener.isReady();
        }

        @Override
        public Waitable.Registration whenReady(Runnable wake) {
            return listener.whenReady(wake);
        }

        @Override
        public void close() {
            listener.close();
        }
    }
}
