// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

/**
 * Two Unix datagram sockets without a name, each connected to the other.
 *
 * @param first one end
 * @param second the other end
 * @see <a href="https://man7.org/linux/man-pages/man2/socketpair.2.html">socketpair(2)</a>
 */
public record UnixDatagramPair(UnixDatagramSocket first, UnixDatagramSocket second)
        implements AutoCloseable {
    /** Closes both ends. */
    @Override
    public void close() {
        try {
            first.close();
        } finally {
            second.close();
        }
    }
}
