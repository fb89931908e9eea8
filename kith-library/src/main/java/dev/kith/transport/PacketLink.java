// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Closed;
import dev.kith.Handover;
import dev.kith.HasFd;
import dev.kith.IpcException;
import dev.kith.Message;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Link;
import dev.kith.channel.SendOptions;
import dev.kith.codec.Codec;
import dev.kith.linux.Fd;
import dev.kith.linux.UnixMessage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Messages over a socket that keeps their boundaries. A value with handles in it takes their
 * descriptors along in its packet.
 */
final class PacketLink implements Link {
    private static final int FIRST_BYTES = 8 * 1024;

    private final Address address;
    private final Packets packets;
    private final int limit;
    private volatile boolean ended;

    /** One buffer for each direction, for the thread that comes first; others make their own. */
    private final AtomicReference<MemorySegment> sending = new AtomicReference<>();

    private final AtomicReference<MemorySegment> receiving = new AtomicReference<>();

    PacketLink(Address address, Packets packets) {
        this.address = address;
        this.packets = packets;
        this.limit = packets.maxPacketBytes();
    }

    @Override
    public <T> boolean send(T value, Codec<T> codec, SendOptions options, long timeoutNanos)
            throws InterruptedException {
        MemorySegment buffer = taken(sending, FIRST_BYTES);
        Handover handover = null;
        for (; ; ) {
            long length;
            try {
                length = encode(value, codec, buffer, handover);
            } catch (RuntimeException refused) {
                if (handover != null || !Handover.isMissing(refused)) {
                    throw refused;
                }
                // There is a handle in it: once more, with a table for descriptors.
                handover = Handover.forWriting();
                continue;
            }
            if (length > limit) {
                throw tooLarge(length);
            }
            if (length <= buffer.byteSize()) {
                boolean sent = send(buffer.asSlice(0, length), handover, timeoutNanos);
                sending.set(buffer);
                return sent;
            }
            buffer = allocated(Math.max(length, Math.min(limit, buffer.byteSize() * 2)));
            handover = handover == null ? null : Handover.forWriting();
        }
    }

    @Override
    public <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos)
            throws InterruptedException {
        if (ended) {
            throw endedException();
        }
        // As long as what this side could send, and so what a peer with the same options can.
        MemorySegment buffer = taken(receiving, limit);
        try (UnixMessage message = packets.receive(buffer, timeoutNanos)) {
            if (message == null) {
                return null;
            }
            MemorySegment bytes = buffer.asSlice(0, message.length());
            if (message.isEnd() || packets.marksEnd() && EndMarker.isMarker(bytes)) {
                ended = true;
                packets.endInput();
                throw endedException();
            }
            return new Received<>(decode(bytes, codec, message.takeDescriptors()), message);
        } finally {
            receiving.set(buffer);
        }
    }

    @Override
    public void end(int consumers) throws InterruptedException {
        if (!packets.marksEnd()) {
            packets.endOutput();
            return;
        }
        MemorySegment marker = allocated(EndMarker.BYTES);
        EndMarker.write(marker);
        for (int i = 0; i < consumers; i++) {
            packets.send(marker, List.of(), FOREVER);
        }
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public boolean isReady() {
        return ended || packets.isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        return packets.whenReady(wake);
    }

    @Override
    public Optional<Peer> peer() {
        return packets.peer();
    }

    @Override
    public Object handle() {
        return packets.handle();
    }

    @Override
    public Optional<Object> travels() {
        return Optional.of(packets.handle());
    }

    @Override
    public void close() {
        packets.close();
    }

    /** A message, and who sent it, which is looked up when somebody asks. */
    private record Received<T>(T value, UnixMessage message) implements Message<T> {
        @Override
        public long lengthBytes() {
            return message.length();
        }

        @Override
        public Optional<Peer> peer() {
            return message.peer();
        }
    }

    private static <T> long encode(
            T value, Codec<T> codec, MemorySegment buffer, Handover handover) {
        return handover == null
                ? codec.encode(value, buffer)
                : handover.during(() -> codec.encode(value, buffer));
    }

    private boolean send(MemorySegment packet, Handover handover, long timeoutNanos)
            throws InterruptedException {
        if (packets.marksEnd() && EndMarker.isMarker(packet)) {
            throw EndMarker.refused(address);
        }
        List<HasFd> handles = handover == null ? List.of() : handover.handles();
        boolean sent = packets.send(packet, handles, timeoutNanos);
        if (sent && handover != null) {
            handover.delivered();
        }
        return sent;
    }

    private static <T> T decode(MemorySegment bytes, Codec<T> codec, List<Fd> descriptors) {
        if (descriptors.isEmpty()) {
            return codec.decode(bytes);
        }
        Handover handover = Handover.forReading(descriptors.stream().map(Fd::release).toList());
        try {
            return handover.during(() -> codec.decode(bytes));
        } catch (RuntimeException | Error refused) {
            handover.discard(refused);
            throw refused;
        } finally {
            handover.descriptors().forEach(fd -> Fd.own(fd).close());
        }
    }

    private static MemorySegment taken(AtomicReference<MemorySegment> spare, int bytes) {
        MemorySegment buffer = spare.getAndSet(null);
        return buffer == null ? allocated(bytes) : buffer;
    }

    private static MemorySegment allocated(long bytes) {
        return Arena.ofAuto().allocate(bytes, 8);
    }

    private IpcException tooLarge(long length) {
        return new IpcException(
                address
                        + ": message too large: length="
                        + length
                        + ", limit="
                        + limit
                        + " (?buffer= of both sides is half of it; if not said,"
                        + " /proc/sys/net/core/wmem_default is all of it)");
    }

    private Closed endedException() {
        return new Closed(address + ": the stream has ended");
    }
}
