// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.linux.EventFd;
import dev.kith.linux.Fd;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code eventfd:}, a counter of the kernel: numbers are sent, and their sum is received.
 *
 * <p>The end of the stream has a counter of its own. In that of the numbers there is no place for
 * it: a sum that grows would run into whatever bit was set aside, and no two processes could keep
 * it from doing so.
 */
public final class EventfdTransport implements Transport {
    /** The two counters of an end, as they travel to another process. */
    record Ends(EventFd numbers, EventFd marks) implements Serializable {
        private static final long serialVersionUID = 1L;

        static Ends open(boolean semaphore) {
            EventFd numbers = semaphore ? EventFd.createSemaphore(0) : EventFd.create();
            try {
                return new Ends(numbers, EventFd.createSemaphore(0));
            } catch (RuntimeException failed) {
                numbers.close();
                throw failed;
            }
        }

        /** Another handle for the same two. */
        Ends copy() {
            EventFd copied = copy(numbers);
            try {
                return new Ends(copied, copy(marks));
            } catch (RuntimeException failed) {
                copied.close();
                throw failed;
            }
        }

        private static EventFd copy(EventFd counter) {
            Fd copied = Fd.of(counter);
            try {
                return EventFd.own(copied);
            } catch (RuntimeException failed) {
                copied.close();
                throw failed;
            }
        }

        void keep() {
            numbers.keep();
            marks.keep();
        }

        void close() {
            numbers.close();
            marks.close();
        }
    }

    @Override
    public String scheme() {
        return "eventfd";
    }

    @Override
    public String summary() {
        return "counter of the kernel: numbers add up until they are received";
    }

    @Override
    public String syntax() {
        return "eventfd:";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(
                Trait.MESSAGES,
                Trait.PAIRS,
                Trait.FIXED_8,
                Trait.COALESCES,
                Trait.BOUNDED,
                Trait.MANY_WRITERS,
                Trait.MANY_READERS);
    }

    @Override
    public Map<String, String> options() {
        return Options.with(
                Map.of(),
                Map.of(
                        "semaphore",
                        "true: a receive takes 1, however much was sent",
                        "shared",
                        "true: several processes hold this end, and this process keeps its copy of"
                                + " an end that a child gets"));
    }

    @Override
    public Address shared(Address address) {
        return address.withOption("shared", "true");
    }

    @Override
    public long maxMessageBytes(Address address) {
        return Long.BYTES;
    }

    @Override
    public Link open(Address address, Direction direction) {
        throw new UnsupportedOperationException(
                "eventfd: has no name to open; make both ends with Channel.pair(\"eventfd:\","
                        + " Codec.longs()) and give one to a child");
    }

    @Override
    public List<Link> pair(Address address) {
        Addresses.checkNoPath(address);
        boolean shared = address.flag("shared");
        Ends receiver = Ends.open(address.flag("semaphore"));
        Ends sender;
        try {
            sender = receiver.copy();
        } catch (RuntimeException failed) {
            receiver.close();
            throw failed;
        }
        if (shared) {
            receiver.keep();
            sender.keep();
        }
        return List.of(
                new EventfdReceiving(address, receiver), new EventfdSending(address, sender));
    }

    @Override
    public Link adopt(Address address, Direction direction, Object handle) {
        Ends ends = (Ends) handle;
        if (address.flag("shared")) {
            ends.keep();
        }
        return direction == Direction.SEND
                ? new EventfdSending(address, ends)
                : new EventfdReceiving(address, ends);
    }
}
