// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.IpcException;
import dev.kith.Message;
import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.codec.Codec;
import dev.kith.shared.QueueOption;
import dev.kith.shared.SharedQueue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code squeue:name}, a {@link SharedQueue}. */
public final class SharedQueueTransport implements Transport {
    private static final String CAPACITY = "capacity";
    private static final String BYTES = "bytes";
    private static final long USUAL_BYTES = 1 << 20;
    private static final int CELL_BYTES = 64;
    private static final int HEADER_BYTES = 24;

    @Override
    public String scheme() {
        return "squeue";
    }

    @Override
    public String summary() {
        return "queue in shared memory; what a dead receiver had not acknowledged is delivered"
                + " again";
    }

    @Override
    public String syntax() {
        return "squeue:name";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(
                Trait.MESSAGES,
                Trait.DUPLEX,
                Trait.NAMED,
                Trait.PERSISTENT,
                Trait.MANY_WRITERS,
                Trait.MANY_READERS,
                Trait.BOUNDED,
                Trait.ACKNOWLEDGED);
    }

    @Override
    public Map<String, String> options() {
        return Options.with(
                Map.of(),
                Map.of(
                        CAPACITY, "messages that may wait, any number if not said",
                        BYTES, "memory for them, 64 to 2 GiB, 1 MiB if not said"));
    }

    @Override
    public Address fresh(Path directory) {
        return Addresses.fresh(this, Path.of("/"));
    }

    @Override
    public long maxMessageBytes(Address address) {
        if (!address.path().isEmpty() && address.options().isEmpty()) {
            try (SharedQueue<byte[]> queue = SharedQueue.open(name(address), Codec.bytes())) {
                return queue.maxItemBytes();
            } catch (IpcException notMadeYet) {
                // As it would be made.
            }
        }
        return longest(Math.max(bytes(address), (long) CELL_BYTES * capacity(address)));
    }

    @Override
    public Address create(Address address) {
        Address made = address.path().isEmpty() ? fresh(Path.of("/")) : address.withoutOptions();
        List<QueueOption> options = new ArrayList<>();
        if (capacity(address) != 0) {
            options.add(QueueOption.capacity(capacity(address)));
        }
        if (address.options().containsKey(BYTES)) {
            options.add(QueueOption.capacityBytes(bytes(address)));
        }
        SharedQueue.create(name(made), Codec.bytes(), options.toArray(QueueOption[]::new)).close();
        return made;
    }

    @Override
    public Link open(Address address, Direction direction) {
        SharedQueue<byte[]> queue = opened(address);
        try {
            return SharedQueueLink.of(address, queue, direction);
        } catch (RuntimeException | Error failed) {
            queue.close();
            throw failed;
        }
    }

    @Override
    public void remove(Address address) {
        try (SharedQueue<byte[]> queue = opened(address)) {
            queue.unlink();
        }
    }

    @Override
    public List<Message<byte[]>> peek(Address address, int limit) {
        List<Message<byte[]>> messages = new ArrayList<>();
        try (SharedQueue<byte[]> queue = opened(address)) {
            for (byte[] bytes : queue.peek(limit)) {
                messages.add(new Received<>(bytes, bytes.length));
            }
        }
        return messages;
    }

    private static SharedQueue<byte[]> opened(Address address) {
        int capacity = capacity(address);
        long longest = longest(bytes(address));
        SharedQueue<byte[]> queue = SharedQueue.open(name(address), Codec.bytes());
        try {
            checkOption(address, CAPACITY, capacity, queue.capacity(), queue.capacity());
            checkOption(
                    address,
                    BYTES,
                    longest,
                    queue.maxItemBytes(),
                    queue.maxItemBytes() + (long) HEADER_BYTES);
            return queue;
        } catch (RuntimeException | Error failed) {
            queue.close();
            throw failed;
        }
    }

    /** Options say how to make a queue; one that exists must be as they say. */
    private static void checkOption(
            Address address, String option, long wanted, long found, long said) {
        if (address.options().containsKey(option) && wanted != found) {
            throw new IllegalArgumentException(
                    address
                            + ": "
                            + option
                            + " of the queue that exists is "
                            + (said == Integer.MAX_VALUE ? "not limited" : "" + said)
                            + ": leave the option out, or remove the queue with: kith rm "
                            + address.withoutOptions());
        }
    }

    /** The longest message of a queue that has so much memory. */
    private static long longest(long bytes) {
        return Long.highestOneBit(2 * bytes - 1) - HEADER_BYTES;
    }

    private static String name(Address address) {
        if (address.path().isEmpty()) {
            throw new IllegalArgumentException(
                    address + ": a name is missing, as in " + address.withPath("/jobs"));
        }
        return address.path();
    }

    private static int capacity(Address address) {
        return address.options().containsKey(CAPACITY)
                ? (int) address.number(CAPACITY, 0, 1, 1 << 25)
                : 0;
    }

    private static long bytes(Address address) {
        return address.number(BYTES, USUAL_BYTES, CELL_BYTES, 1L << 31);
    }
}
