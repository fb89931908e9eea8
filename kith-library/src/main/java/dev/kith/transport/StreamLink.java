// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Message;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Link;
import dev.kith.channel.SendOptions;
import dev.kith.codec.Codec;
import java.io.NotSerializableException;
import java.util.Map;
import java.util.Optional;

/** Messages over a stream of bytes. */
final class StreamLink implements Link {
    /**
     * The longest message unless {@code max} says otherwise. A text mistaken for a length is
     * longer.
     */
    static final long DEFAULT_MAX = 64L * 1024 * 1024;

    /** The options that every stream has. */
    static final Map<String, String> OPTIONS =
            Map.of(
                    "framing",
                    "length (4 bytes, big-endian), lines or raw; length if not said",
                    "max",
                    "the longest message, bytes; " + DEFAULT_MAX + " if not said");

    private final String where;
    private final ByteStream stream;
    private final FrameReader reader;
    private final FrameWriter writer;

    /** A link with the framing and the limit that the address asks for, to a peer of its own. */
    StreamLink(ByteStream stream, Address address) {
        this(stream, address, max(address), " (?max= of both sides)", false, true);
    }

    /** A link to peers who may not be alone; the last two as in {@link FrameReader}. */
    StreamLink(
            ByteStream stream,
            Address address,
            long limit,
            String limitReason,
            boolean packets,
            boolean ahead) {
        this.where = address.toString();
        this.stream = stream;
        Framing framing = Framing.of(address);
        this.reader = new FrameReader(stream, framing, limit, packets, ahead, where);
        this.writer = new FrameWriter(stream, framing, limit, limitReason, where);
    }

    static long max(Address address) {
        return address.number("max", DEFAULT_MAX, 1, Integer.MAX_VALUE - 8);
    }

    @Override
    public <T> boolean send(T value, Codec<T> codec, SendOptions options, long timeoutNanos)
            throws InterruptedException {
        return writer.send(value, codec, timeoutNanos);
    }

    @Override
    public <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos)
            throws InterruptedException {
        return reader.receive(codec, timeoutNanos);
    }

    @Override
    public void end(int consumers) throws InterruptedException {
        writer.end();
    }

    @Override
    public void flush() throws InterruptedException {
        writer.flush();
    }

    @Override
    public boolean isEnded() {
        return reader.isEnded();
    }

    @Override
    public boolean isReady() {
        return reader.isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        return stream.whenReady(wake);
    }

    @Override
    public Optional<Peer> peer() {
        return stream.peer();
    }

    @Override
    public Optional<Address> remote() {
        return stream.remote();
    }

    @Override
    public Object handle() {
        return stream.handle();
    }

    @Override
    public Optional<Object> travels() throws NotSerializableException {
        long read = reader.bufferedBytes();
        if (read > 0) {
            throw new NotSerializableException(
                    where
                            + ": "
                            + read
                            + " bytes were read ahead here and would be lost; hand the end over"
                            + " before the first receive");
        }
        return stream.travels();
    }

    /** Waits a little for the rest of a message of which a part has gone. */
    @Override
    public void close() {
        writer.awaitRest();
        stream.close();
    }
}
