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

    static final String AHEAD =
            "false: read no further than the message received, so that what follows stays for"
                    + " another process; true if not said, but for lines";

    private SharedPipe() {}

    /** The longest message at that address. */
    static long max(Address address) {
        long max = StreamLink.max(address);
        return address.flag("shared") ? Math.min(max, atomic(address)) : max;
    }

    /** A link with what the options bring. */
    static Link link(Address address, ByteStream stream) {
        boolean shared = address.flag("shared");
        boolean ahead =
                address.options().containsKey("ahead")
                        ? address.flag("ahead")
                        // Lines are what a shell reads, one by one.
                        : Framing.of(address) != Framing.LINES;
        String reason =
                shared
                        ? " (PIPE_BUF is "
                                + PipeWriter.ATOMIC_BYTES
                                + ": what several processes write is whole up to it)"
                        : " (?max= of both sides)";
        return new StreamLink(stream, address, max(address), reason, shared, ahead);
    }

    private static long atomic(Address address) {
        Framing framing = Framing.of(address);
        return PipeWriter.ATOMIC_BYTES - framing.before - framing.after;
    }
}
