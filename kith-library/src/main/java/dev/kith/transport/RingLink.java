// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Closed;
import dev.kith.Message;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.SendOptions;
import dev.kith.codec.Codec;
import dev.kith.ring.Ring;
import java.util.Optional;

/**
 * A ring or a broadcast for many threads: one at a time sends, one at a time receives. It takes
 * part in a ring when it first does either, so a channel that only sends leaves the one consumer to
 * others. Who is last to close finds nobody in the middle of a call, because the locks of both
 * halves are had first.
 */
final class RingLink implements Link {
    private final Address address;
    private final Medium in;
    private final Medium out;
    private final RingSending sending;
    private final RingReceiving receiving;

    /** Whether it has let go, as it does once; guarded by both locks. */
    private boolean released;

    private RingLink(Address address, Medium in, Medium out, RingOptions options) {
        this.address = address;
        this.in = in;
        this.out = out;
        this.sending = new RingSending(address, out, options);
        this.receiving = new RingReceiving(address, in, options);
    }

    /** Opens an end; the medium is closed if that fails. */
    static RingLink of(Address address, Medium medium, Direction direction, RingOptions options) {
        RingLink link = new RingLink(address, medium, medium, options);
        try {
            if (medium.flavour() == RingOptions.Flavour.BROADCAST && direction.receives()) {
                link.receiving.joined();
            }
            return link;
        } catch (RuntimeException | Error failed) {
            medium.close();
            throw failed;
        }
    }

    /** One end of a pair: receives from one ring and sends on another, which have no names. */
    static RingLink of(Address address, Medium in, Medium out, RingOptions options) {
        return new RingLink(address, in, out, options);
    }

    @Override
    public <T> boolean send(T value, Codec<T> codec, SendOptions options, long timeoutNanos)
            throws InterruptedException {
        return sending.send(value, codec, timeoutNanos);
    }

    @Override
    public <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos)
            throws InterruptedException {
        return receiving.receive(codec, timeoutNanos);
    }

    @Override
    public <T> T receiveValue(Codec<T> codec, long timeoutNanos) throws InterruptedException {
        return receiving.receiveValue(codec, timeoutNanos);
    }

    @Override
    public void end(int consumers) throws InterruptedException {
        sending.end(consumers);
    }

    @Override
    public boolean isEnded() {
        return receiving.isEnded();
    }

    @Override
    public boolean isReady() {
        return receiving.isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        return receiving.joined().whenReady(wake);
    }

    @Override
    public Object handle() {
        return in.handle();
    }

    @Override
    public Optional<Object> travels() {
        if (!in.handle().name().isEmpty()) {
            return Optional.empty();
        }
        if (receiving.isClosed()) {
            throw new Closed(address + " is closed");
        }
        return Optional.of(new RingEnds((Ring) in.handle(), (Ring) out.handle(), this::close));
    }

    @Override
    public void close() {
        sending.lockForClose();
        receiving.lockForClose();
        try {
            if (!released) {
                released = true;
                release();
            }
        } finally {
            sending.unlock();
            receiving.unlock();
        }
    }

    /** In both locks. */
    private void release() {
        try {
            sending.close();
            receiving.close();
        } finally {
            in.close();
            if (out != in) {
                out.close();
            }
        }
    }
}
