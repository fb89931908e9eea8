// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Message;
import dev.kith.NotFound;
import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.sysv.MessageQueue;
import dev.kith.sysv.QueueLimits;
import dev.kith.sysv.Types;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code sysvmq:KEY}, System V message queues: messages are those of the queue, one to one. */
public final class SysvQueueTransport implements Transport {
    @Override
    public String scheme() {
        return "sysvmq";
    }

    @Override
    public String summary() {
        return "System V message queue, messages with a type";
    }

    @Override
    public String syntax() {
        return "sysvmq:KEY, KEY a number, 0x..., ftok(/path,id), id=N, or nothing for a free one";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(
                Trait.MESSAGES,
                Trait.DUPLEX,
                Trait.NAMED,
                Trait.PERSISTENT,
                Trait.TYPES,
                Trait.MANY_WRITERS,
                Trait.MANY_READERS,
                Trait.BOUNDED);
    }

    @Override
    public Map<String, String> options() {
        return Options.with(
                Map.of(),
                Map.of(
                        "type",
                        "send under this type, 1 if not said; receive this one, any if not said",
                        "bytes",
                        "capacity when it is made, /proc/sys/kernel/msgmnb if not said",
                        "mode",
                        "permission bits when it is made, 600 if not said"));
    }

    @Override
    public long maxMessageBytes(Address address) {
        if (!address.path().isEmpty()) {
            try (MessageQueue queue = SysvNames.queue(address)) {
                return queue.maxMessageBytes();
            } catch (NotFound yet) {
                // the limits it would be made with
            }
        }
        QueueLimits limits = QueueLimits.current();
        return Math.min(limits.msgmax(), capacity(address, limits.msgmnb()));
    }

    @Override
    public Address create(Address address) {
        int mode = Addresses.mode(address);
        long capacity = capacity(address, 0);
        type(address);
        try (MessageQueue queue = SysvNames.createQueue(address, mode)) {
            if (capacity > 0) {
                try {
                    queue.capacityBytes(capacity);
                } catch (RuntimeException refused) {
                    queue.unlink();
                    throw refused;
                }
            }
            boolean picked = address.path().isEmpty() || queue.key().isPrivate();
            Map<String, String> options = new LinkedHashMap<>(address.options());
            options.keySet().removeAll(Set.of("mode", "bytes"));
            return new Address(scheme(), picked ? queue.name() : address.path(), options);
        }
    }

    @Override
    public Link open(Address address, Direction direction) {
        Addresses.mode(address);
        capacity(address, 0);
        long type = type(address);
        return new SysvQueueLink(address, SysvNames.queue(address), type);
    }

    @Override
    public void remove(Address address) {
        Removal.of(() -> SysvNames.queue(address).unlink(), "kith ls --kind " + scheme());
    }

    @Override
    public List<Message<byte[]>> peek(Address address, int limit) {
        try (MessageQueue queue = SysvNames.queue(address)) {
            return queue.peek(selection(type(address)), limit);
        }
    }

    /** What a receive on a channel of that type takes; 0 is no type. */
    static Types selection(long type) {
        return type == 0 ? Types.any() : Types.of(type);
    }

    private static long type(Address address) {
        return address.number("type", 0, 1, Long.MAX_VALUE);
    }

    private static long capacity(Address address, long otherwise) {
        return address.number("bytes", otherwise, 1, Long.MAX_VALUE);
    }
}
