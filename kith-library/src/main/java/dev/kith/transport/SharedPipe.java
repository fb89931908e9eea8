// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.channel.Link;
import dev.kith.posix.PipeWriter;

/**
 * The option {@code shared} of pipes and FIFOs: several processes hold the same end.
 *
 * <p>What one write puts into a pipe is in one piece up to PIPE_BUF bytes, and a packet pipe gives
 * it to one read as a whole. So messages that fit are never mixed, and longer ones are refused.
 */
final class SharedPipe {
    static final String OPTION =
            "true: several processes hold this end; messages of at most "
                    + (PipeWriter.ATOMIC_BYTES - 4)
                    + " bytes, and this process keeps its copy of an end that a child gets";

    private SharedPipe() {}

    /** The longest message at that address. */
    static long max(Address address) {
        long max = StreamLink.max(address);
        return address.flag("shared") ? Math.min(max, atomic(address)) : max;
    }

    /** A link with the limit that the option brings. */
    static Link link(Address address, ByteStream stream) {
        if (!address.flag("shared")) {
            return new StreamLink(stream, address);
        }
        String reason =
                " (PIPE_BUF is "
                        + PipeWriter.ATOMIC_BYTES
                        + ": what several processes write is whole up to it)";
        return new StreamLink(stream, address, max(address), reason, true);
    }

    private static long atomic(Address address) {
        Framing framing = Framing.of(address);
        return PipeWriter.ATOMIC_BYTES - framing.before - framing.after;
    }
}
