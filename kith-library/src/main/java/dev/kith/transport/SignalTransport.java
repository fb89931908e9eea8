// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.posix.SignalQueue;
import dev.kith.posix.SignalSender;
import java.util.Map;
import java.util.Set;

/**
 * {@code signal:PID}, {@code signal:PID/TID}, real-time signals with a value. A process receives
 * what is sent to itself: {@code signal:} there, whose {@code address()} says what the others use.
 *
 * <p>Not NAMED: the name is a process, which nobody creates or removes. Not CREDENTIALS: that a
 * message came from the process and user it names is the word of the sender's C library, not the
 * kernel's.
 */
public final class SignalTransport implements Transport {
    @Override
    public String scheme() {
        return "signal";
    }

    @Override
    public String summary() {
        return "real-time signal with a 64-bit value, to one process";
    }

    @Override
    public String syntax() {
        return "signal:PID";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(Trait.MESSAGES, Trait.FIXED_8, Trait.MANY_WRITERS, Trait.BOUNDED);
    }

    @Override
    public Map<String, String> options() {
        return Map.of();
    }

    @Override
    public long maxMessageBytes(Address address) {
        return Long.BYTES;
    }

    @Override
    public Link open(Address address, Direction direction) {
        return switch (direction) {
            case RECEIVE -> receiver(address);
            case SEND -> sender(address);
            case BOTH ->
                    throw new UnsupportedOperationException(
                            address
                                    + ": signals have one direction: use Sender.open or"
                                    + " Receiver.open");
        };
    }

    @Override
    public Link adopt(Address address, Direction direction, Object handle) {
        return new SignalSending((SignalSender) handle);
    }

    private static Link receiver(Address address) {
        String self = Long.toString(ProcessHandle.current().pid());
        if (!address.path().isEmpty() && !address.path().equals(self)) {
            throw new IllegalArgumentException(
                    address
                            + ": a process receives only what is sent to itself: open signal: to"
                            + " receive; this process is "
                            + self);
        }
        return new SignalReceiving(SignalQueue.open());
    }

    private static Link sender(Address address) {
        if (address.path().isEmpty()) {
            throw new IllegalArgumentException(
                    address
                            + ": who receives is missing: signal:PID or signal:PID/TID, as the"
                            + " receiver's address() says");
        }
        return new SignalSending(SignalSender.to(address.path()));
    }
}
