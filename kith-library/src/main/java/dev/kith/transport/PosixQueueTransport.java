// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.IpcException;
import dev.kith.Message;
import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.posix.MessageQueue;
import dev.kith.posix.QueueLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code mq:/name}, POSIX message queues. */
public final class PosixQueueTransport implements Transport {
    @Override
    public String scheme() {
        return "mq";
    }

    @Override
    public String summary() {
        return "POSIX message queue, kept by the kernel, with priorities";
    }

    @Override
    public String syntax() {
        return "mq:/name";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(
                Trait.MESSAGES,
                Trait.DUPLEX,
                Trait.NAMED,
                Trait.PERSISTENT,
                Trait.PRIORITY,
                Trait.MANY_WRITERS,
                Trait.MANY_READERS,
                Trait.BOUNDED);
    }

    @Override
    public Map<String, String> options() {
        return Options.with(
                Map.of(),
                Map.of(
                        "capacity", "messages that it holds, 10 if not said",
                        "size", "bytes that a message may have, 8192 if not said",
                        "mode", "permission bits when it is made, 600 if not said"));
    }

    @Override
    public Address fresh(Path directory) {
        return Addresses.fresh(this, Path.of("/"));
    }

    @Override
    public long maxMessageBytes(Address address) {
        if (!address.options().containsKey("size")) {
            try (MessageQueue queue = opened(address, Direction.BOTH)) {
                return queue.maxMessageBytes();
            } catch (IpcException notMadeYet) {
                return size(address);
            }
        }
        return size(address);
    }

    @Override
    public Address create(Address address) {
        Address made = address.path().isEmpty() ? fresh(Path.of("/")) : address.withoutOptions();
        MessageQueue.create(made.path(), capacity(address), size(address), Addresses.mode(address))
                .close();
        return made;
    }

    @Override
    public Link open(Address address, Direction direction) {
        MessageQueue queue = opened(address, direction);
        try {
            return new PosixQueueLink(address, queue, direction);
        } catch (RuntimeException failed) {
            queue.close();
            throw failed;
        }
    }

    @Override
    public void remove(Address address) {
        MessageQueue.unlink(name(address));
    }

    @Override
    public List<Message<byte[]>> peek(Address address, int limit) {
        throw new UnsupportedOperationException(
                address
                        + ": mq: does not peek: the kernel shows a message only to who takes it;"
                        + " how many wait says: kith info "
                        + address.withoutOptions());
    }

    private static MessageQueue opened(Address address, Direction direction) {
        int capacity = capacity(address);
        int size = size(address);
        int mode = Addresses.mode(address);
        MessageQueue queue =
                MessageQueue.open(
                        name(address),
                        switch (direction) {
                            case SEND -> MessageQueue.Access.SEND;
                            case RECEIVE -> MessageQueue.Access.RECEIVE;
                            case BOTH -> MessageQueue.Access.BOTH;
                        });
        try {
            checkOption(address, "capacity", capacity, queue.capacity());
            checkOption(address, "size", size, queue.maxMessageBytes());
            checkOption(address, "mode", mode, queue.status().mode());
            return queue;
        } catch (RuntimeException failed) {
            queue.close();
            throw failed;
        }
    }

    /** Options say how to make a queue; one that exists must be as they say. */
    private static void checkOption(Address address, String option, int wanted, int found) {
        if (address.options().containsKey(option) && wanted != found) {
            String is = option.equals("mode") ? "0" + Integer.toOctalString(found) : "" + found;
            throw new IllegalArgumentException(
                    address
                            + ": "
                            + option
                            + " of the queue that exists is "
                            + is
                            + ": leave the option out, or remove the queue with: kith rm "
                            + address.withoutOptions());
        }
    }

    private static String name(Address address) {
        if (address.path().isEmpty()) {
            throw new IllegalArgumentException(
                    address + ": a name is missing, as in " + address.withPath("/jobs"));
        }
        return address.path();
    }

    private static int capacity(Address address) {
        int usual = Math.min(10, QueueLimits.current().maxCapacity());
        return (int) address.number("capacity", usual, 1, Integer.MAX_VALUE);
    }

    private static int size(Address address) {
        int usual = Math.min(8192, QueueLimits.current().maxMessageBytes());
        return (int) address.number("size", usual, 1, Integer.MAX_VALUE);
    }
}
