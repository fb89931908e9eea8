// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.blocking.Errors;
import dev.kith.kernel.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The options of a Unix socket: those of socket(7). */
final class UnixOptions {
    /** What the kernel keeps of the send buffer for itself when it measures a packet. */
    private static final int PACKET_OVERHEAD = 32;

    private UnixOptions() {}

    /** Sets an option; 0 or the negative errno. */
    static int set(StreamSocket socket, int option, int value) {
        return socket.call(fd -> StreamSocket.set(fd, SysSocket.SOL_SOCKET, option, value));
    }

    /** How long a packet can be that this side sends. */
    static int maxPacketBytes(StreamSocket socket) {
        return buffer(socket, true) - PACKET_OVERHEAD;
    }

    static int buffer(StreamSocket socket, boolean send) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
            int error =
                    socket.call(fd ->
                            SysSocket.getsockopt(
                                    fd, SysSocket.SOL_SOCKET, option(send), value, length));
            Errors.check(error, "getsockopt(" + socket + ", " + symbol(send) + ")", "");
            return value.get(JAVA_INT, 0);
        }
    }

    static void buffer(StreamSocket socket, boolean send, int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException(
                    (send ? "sendBufferBytes=" : "receiveBufferBytes=") + bytes + ", least=1");
        }
        Errors.check(
                set(socket, option(send), bytes),
                "setsockopt(" + socket + ", " + symbol(send) + ", " + bytes + ")",
                "");
        int got = buffer(socket, send);
        // It doubles what it grants, and says nothing where it grants less.
        if (got < 2L * bytes) {
            throw new IllegalArgumentException(
                    (send ? "sendBufferBytes=" : "receiveBufferBytes=")
                            + bytes
                            + ": the kernel granted "
                            + got / 2
                            + "; /proc/sys/net/core/"
                            + (send ? "wmem_max" : "rmem_max")
                            + " is the most");
        }
    }

    static void passCredentials(StreamSocket socket, boolean pass) {
        Errors.check(
                set(socket, SysSocket.SO_PASSCRED, pass ? 1 : 0),
                "setsockopt(" + socket + ", SO_PASSCRED)",
                "");
    }

    private static int option(boolean send) {
        return send ? SysSocket.SO_SNDBUF : SysSocket.SO_RCVBUF;
    }

    private static String symbol(boolean send) {
        return send ? "SO_SNDBUF" : "SO_RCVBUF";
    }
}
