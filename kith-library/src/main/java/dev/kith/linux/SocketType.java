// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import dev.kith.kernel.SysSocket;

/**
 * How a connected Unix socket carries what is written.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
 */
public enum SocketType {
    /** A stream of bytes: what was written in one call may be read in several, or with others. */
    STREAM(SysSocket.SOCK_STREAM),
    /** Packets: what is written in one call is read in one call, and by one reader. */
    SEQPACKET(SysSocket.SOCK_SEQPACKET);

    final int number;

    SocketType(int number) {
        this.number = number;
    }

    /** What a socket of this type is called in messages. */
    String noun() {
        return this == STREAM ? "Unix socket" : this + " socket";
    }
}
