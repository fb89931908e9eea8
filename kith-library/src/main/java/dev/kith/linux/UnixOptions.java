// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.blocking.Errors;
import dev.kith.kernel.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The options of a Unix socket, which may be read and set at any time by any thread. They belong to
 * the open socket: a process that it is handed over to has the same.
 *
 * <pre>{@code
 * socket.options().sendBufferBytes(1 << 20).passCredentials(true);
 * }</pre>
 *
 * <p>Of a socket that is closed every method throws {@link dev.kith.Closed}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/socket.7.html">socket(7)</a>
 */
public final class UnixOptions {
    /** What the kernel keeps of the send buffer for itself when it measures a packet. */
    private static final int PACKET_OVERHEAD = 32;

    private final StreamSocket socket;

    UnixOptions(StreamSocket socket) {
        this.socket = socket;
    }

    /**
     * Whether {@code receive} tells of every message who sent it (SO_PASSCRED): not the process
     * that made the connection, but the one that wrote. The kernel tells it of what is sent from
     * now on, and gives a socket that has no name and sends with this set an abstract one.
     *
     * @param pass true: it does
     * @return this
     */
    public UnixOptions passCredentials(boolean pass) {
        Errors.check(
                set(SysSocket.SO_PASSCRED, pass ? 1 : 0),
                "setsockopt(" + socket + ", SO_PASSCRED)",
                "");
        return this;
    }

    /**
     * How much this side's writes may have under way before they wait: SO_SNDBUF.
     *
     * @return bytes, among them what the kernel needs itself; a packet has 32 less at the most
     */
    public int sendBufferBytes() {
        return buffer(true);
    }

    /**
     * Sets how much this side's writes may have under way before they wait. The kernel doubles it,
     * for what it needs itself, and that is what {@link #sendBufferBytes()} returns.
     *
     * @param bytes at least 1; /proc/sys/net/core/wmem_max is the most
     * @return this
     * @throws IllegalArgumentException if the kernel granted less
     */
    public UnixOptions sendBufferBytes(int bytes) {
        buffer(true, bytes);
        return this;
    }

    /**
     * The receive buffer: SO_RCVBUF. What is under way in a Unix socket counts against the sender's
     * buffer; this one limits nothing.
     *
     * @return bytes
     */
    public int receiveBufferBytes() {
        return buffer(false);
    }

    /**
     * Sets the receive buffer. The kernel doubles it.
     *
     * @param bytes at least 1; /proc/sys/net/core/rmem_max is the most
     * @return this
     * @throws IllegalArgumentException if the kernel granted less
     */
    public UnixOptions receiveBufferBytes(int bytes) {
        buffer(false, bytes);
        return this;
    }

    /**
     * The longest packet that this side can send.
     *
     * @return bytes: the send buffer less 32
     */
    public int maxPacketBytes() {
        return buffer(true) - PACKET_OVERHEAD;
    }

    @Override
    public String toString() {
        return "options of " + socket;
    }

    /** Sets an option; 0 or the negative errno. */
    int set(int option, int value) {
        return socket.call(fd -> StreamSocket.set(fd, SysSocket.SOL_SOCKET, option, value));
    }

    private int buffer(boolean send) {
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

    private void buffer(boolean send, int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException(
                    (send ? "sendBufferBytes=" : "receiveBufferBytes=") + bytes + ", least=1");
        }
        Errors.check(
                set(option(send), bytes),
                "setsockopt(" + socket + ", " + symbol(send) + ", " + bytes + ")",
                "");
        int got = buffer(send);
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

    private static int option(boolean send) {
        return send ? SysSocket.SO_SNDBUF : SysSocket.SO_RCVBUF;
    }

    private static String symbol(boolean send) {
        return send ? "SO_SNDBUF" : "SO_RCVBUF";
    }
}
