// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.linux.SocketType;
import dev.kith.linux.UnixDatagramSocket;
import dev.kith.linux.UnixOptions;
import dev.kith.linux.UnixSocket;
import dev.kith.linux.UnixSocketPair;
import java.util.Map;

/** The option that the transports of packets have in common. */
final class PacketOptions {
    /** A longer packet takes more memory in one piece than the kernel gives. */
    private static final int MOST_BYTES = 2 * 1024 * 1024;

    private static final String BUFFER = "buffer";

    static final Map<String, String> OPTIONS =
            Map.of(
                    BUFFER,
                    "send buffer, bytes, which the kernel doubles: a message may have that less"
                            + " 32; /proc/sys/net/core/wmem_default in all if not said");

    private PacketOptions() {}

    /** Checks what the address says. */
    static void check(Address address) {
        buffer(address);
    }

    static UnixSocket apply(Address address, UnixSocket socket) {
        apply(address, socket.options(), socket::close);
        return socket;
    }

    static UnixDatagramSocket apply(Address address, UnixDatagramSocket socket) {
        apply(address, socket.options(), socket::close);
        return socket;
    }

    /** The longest message, which the kernel tells of a socket with these options. */
    static long maxMessageBytes(Address address) {
        try (UnixSocketPair pair = UnixSocket.pair(SocketType.SEQPACKET)) {
            return apply(address, pair.first()).options().maxPacketBytes();
        }
    }

    private static void apply(Address address, UnixOptions options, Runnable close) {
        int buffer = buffer(address);
        try {
            if (buffer != 0) {
                options.sendBufferBytes(buffer);
            }
        } catch (RuntimeException refused) {
            close.run();
            throw refused;
        }
    }

    private static int buffer(Address address) {
        return address.options().containsKey(BUFFER)
                ? (int) address.number(BUFFER, 0, 4096, MOST_BYTES)
                : 0;
    }
}
