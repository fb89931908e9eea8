// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.posix.Pipe;
import dev.kith.posix.PipeWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code pipe:}, anonymous pipes between a process and its children. */
public final class PipeTransport implements Transport {
    @Override
    public String scheme() {
        return "pipe";
    }

    @Override
    public String summary() {
        return "anonymous pipe, between a process and its children";
    }

    @Override
    public String syntax() {
        return "pipe:";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(
                Trait.STREAM, Trait.PAIRS, Trait.BOUNDED, Trait.MANY_WRITERS, Trait.MANY_READERS);
    }

    @Override
    public Map<String, String> options() {
        return Options.with(
                StreamLink.OPTIONS,
                Map.of(
                        "ahead",
                        SharedPipe.AHEAD,
                        "duplex",
                        "true: two pipes, so that both ends send and receive",
                        "shared",
                        SharedPipe.OPTION,
                        "capacity",
                        "how many bytes it holds, 65536 if not said"));
    }

    @Override
    public Address shared(Address address) {
        return address.withOption("shared", "true");
    }

    @Override
    public long maxMessageBytes(Address address) {
        return SharedPipe.max(address);
    }

    @Override
    public Link open(Address address, Direction direction) {
        throw new UnsupportedOperationException(
                "pipe: has no name to open; make both ends with Channel.pair(\"pipe:\", codec) and"
                        + " give one to a child");
    }

    @Override
    public List<Link> pair(Address address) {
        Addresses.checkNoPath(address);
        Framing.of(address);
        Pipe there = pipe(address);
        if (!address.flag("duplex")) {
            return List.of(
                    link(address, new PipeStream(there.reader(), null)),
                    link(address, new PipeStream(null, there.writer())));
        }
        Pipe back;
        try {
            back = pipe(address);
        } catch (RuntimeException failed) {
            there.close();
            throw failed;
        }
        return List.of(
                link(address, new PipeStream(there.reader(), back.writer())),
                link(address, new PipeStream(back.reader(), there.writer())));
    }

    @Override
    public Link adopt(Address address, Direction direction, Object handle) {
        PipeStream.Ends ends = (PipeStream.Ends) handle;
        return link(address, new PipeStream(ends.reader(), ends.writer()));
    }

    private static Pipe pipe(Address address) {
        boolean shared = address.flag("shared");
        long capacity = address.number("capacity", 0, 1, Integer.MAX_VALUE);
        StreamLink.max(address);
        Pipe pipe = Pipe.open();
        try {
            if (capacity > 0) {
                pipe.writer().capacityBytes((int) capacity);
            }
            if (shared) {
                pipe.reader().keep();
                PipeWriter writer = pipe.writer().keep();
                writer.packets();
            }
            return pipe;
        } catch (RuntimeException failed) {
            pipe.close();
            throw failed;
        }
    }

    private static Link link(Address address, ByteStream stream) {
        return SharedPipe.link(address, stream);
    }
}
