// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.Closed;
import dev.kith.Message;
import dev.kith.Peer;
import dev.kith.codec.Codec;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The one channel there is: values on one side, a {@link Link} on the other. */
final class LinkChannel<T> implements Channel<T>, Serializable {
    private static final long serialVersionUID = 1L;

    private final transient Transport transport;
    private final transient Address address;
    private final transient Codec<T> codec;
    private final transient Direction direction;
    private final transient Link link;
    private final transient AsyncSends<T> asyncSends;
    private final transient ReentrantLock ending = new ReentrantLock();
    private transient int marks;
    private transient volatile boolean ended;

    LinkChannel(
            Transport transport, Address address, Codec<T> codec, Direction direction, Link link) {
        this.transport = transport;
        this.address = link.address().orElse(address);
        this.codec = codec;
        this.direction = direction;
        this.link = link;
        this.asyncSends = new AsyncSends<>(link, codec);
    }

    static <T> LinkChannel<T> open(String uri, Codec<T> codec, Direction direction) {
        Address address = Address.parse(uri);
        Transport transport = Transports.of(address);
        checkCodec(transport, address, codec);
        return new LinkChannel<>(
                transport, address, codec, direction, transport.open(address, direction));
    }

    static <T> LinkChannel<T> open(
            String uri, Codec<T> codec, Direction direction, Duration timeout)
            throws InterruptedException {
        Address address = Address.parse(uri);
        Transport transport = Transports.of(address);
        checkCodec(transport, address, codec);
        return new LinkChannel<>(
                transport,
                address,
                codec,
                direction,
                transport.open(address, direction, nanos(timeout)));
    }

    static <T> ChannelPair<T> pair(String uri, Codec<T> codec) {
        Address address = Address.parse(uri);
        Transport transport = Transports.of(address);
        checkCodec(transport, address, codec);
        List<Link> links = transport.pair(address);
        boolean duplex =
                transport.traits().contains(Trait.DUPLEX)
                        || address.options().containsKey("duplex") && address.flag("duplex");
        return new ChannelPair<>(
                new LinkChannel<>(
                        transport,
                        address,
                        codec,
                        duplex ? Direction.BOTH : Direction.RECEIVE,
                        links.get(0)),
                new LinkChannel<>(
                        transport,
                        address,
                        codec,
                        duplex ? Direction.BOTH : Direction.SEND,
                        links.get(1)));
    }

    static void checkCodec(Transport transport, Address address, Codec<?> codec) {
        if (transport.traits().contains(Trait.FIXED_8) && codec.fixedBytes() != Long.BYTES) {
            throw new IllegalArgumentException(
                    address
                            + ": carries exactly 8 bytes a message: use "
                            + (transport.traits().contains(Trait.COALESCES)
                                    ? "Codec.longs()"
                                    : "Codec.longs(), Codec.doubles() or Codec.struct of a record"
                                            + " of 8 bytes")
                            + ", not "
                            + codec);
        }
    }

    @Override
    public void send(T value) throws InterruptedException {
        transmit(value, SendOptions.NONE, Link.FOREVER);
    }

    @Override
    public void send(T value, SendOption... options) throws InterruptedException {
        transmit(value, checked(options), Link.FOREVER);
    }

    @Override
    public boolean trySend(T value, SendOption... options) {
        try {
            return transmit(value, checked(options), 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean trySend(T value, Duration timeout, SendOption... options)
            throws InterruptedException {
        return transmit(value, checked(options), nanos(timeout));
    }

    @Override
    public CompletionStage<Void> sendAsync(T value, SendOption... options) {
        checkSend(value);
        return asyncSends.send(value, checked(options));
    }

    @Override
    public void flush() throws InterruptedException {
        asyncSends.flush();
        link.flush();
    }

    @Override
    public void end() throws InterruptedException {
        end(1);
    }

    @Override
    public void end(int consumers) throws InterruptedException {
        checkDirection(direction.sends(), "send");
        if (consumers < 1) {
            throw new IllegalArgumentException("consumers=" + consumers + ", least=1");
        }
        ending.lockInterruptibly();
        try {
            // After an interrupt half-way it goes on where it was.
            for (; marks < consumers && !ended; marks++) {
                asyncSends.flush();
                link.end(1);
            }
            ended = true;
        } finally {
            ending.unlock();
        }
    }

    @Override
    public T receive() throws InterruptedException {
        return takeValue(Link.FOREVER);
    }

    @Override
    public Optional<T> tryReceive() {
        try {
            return Optional.ofNullable(takeValue(0));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public Optional<T> tryReceive(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(takeValue(nanos(timeout)));
    }

    @Override
    public Message<T> receiveMessage() throws InterruptedException {
        return take(Link.FOREVER);
    }

    @Override
    public Optional<Message<T>> tryReceiveMessage(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(take(nanos(timeout)));
    }

    @Override
    public void forEach(Consumer<? super T> action) throws InterruptedException {
        while (!isEnded()) {
            Message<T> message;
            try {
                message = take(Link.FOREVER);
            } catch (Closed end) {
                if (isEnded()) {
                    return;
                }
                throw end;
            }
            try {
                action.accept(message.value());
            } catch (Throwable thrown) {
                message.reject(true);
                throw thrown;
            }
            message.acknowledge();
        }
    }

    @Override
    public boolean isEnded() {
        return link.isEnded();
    }

    @Override
    public boolean isReady() {
        return link.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return link.whenReady(wake);
    }

    @Override
    public Optional<Peer> peer() {
        return link.peer();
    }

    @Override
    public Optional<Address> remote() {
        return link.remote();
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public <H> H unwrap(Class<H> type) {
        Object handle = link.handle();
        if (!type.isInstance(handle)) {
            throw new IllegalArgumentException(
                    address
                            + ": its handle is a "
                            + handle.getClass().getName()
                            + ", not a "
                            + type.getName());
        }
        return type.cast(handle);
    }

    @Override
    public void close() {
        link.close();
    }

    @Override
    public String toString() {
        return address.toString();
    }

    private boolean transmit(T value, SendOptions options, long timeoutNanos)
            throws InterruptedException {
        checkSend(value);
        long left = asyncSends.awaitIdle(timeoutNanos);
        return left >= 0 && link.send(value, codec, options, left);
    }

    private T takeValue(long timeoutNanos) throws InterruptedException {
        checkDirection(direction.receives(), "receive");
        return link.receiveValue(codec, timeoutNanos);
    }

    private Message<T> take(long timeoutNanos) throws InterruptedException {
        checkDirection(direction.receives(), "receive");
        return link.receive(codec, false, timeoutNanos);
    }

    private void checkSend(T value) {
        checkDirection(direction.sends(), "send");
        if (value == null) {
            throw new NullPointerException("null is no message: end() is what ends a stream");
        }
        if (ended) {
            throw new Closed(address + ": nothing can be sent after end()");
        }
    }

    private void checkDirection(boolean allowed, String verb) {
        if (!allowed) {
            throw new UnsupportedOperationException(
                    address
                            + ": this end does not "
                            + verb
                            + "; it was opened to "
                            + (direction == Direction.SEND ? "send" : "receive"));
        }
    }

    private SendOptions checked(SendOption... options) {
        for (SendOption option : options) {
            Trait needed = option instanceof SendOption.Priority ? Trait.PRIORITY : Trait.TYPES;
            if (!transport.traits().contains(needed)) {
                throw new IllegalArgumentException(
                        address
                                + ": messages have no "
                                + (needed == Trait.PRIORITY ? "priority" : "type")
                                + " on "
                                + transport.scheme()
                                + ": ("
                                + transport.summary()
                                + ")");
            }
        }
        return SendOptions.of(options);
    }

    static long nanos(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative()) {
            return 0;
        }
        return timeout.getSeconds() > 9_000_000_000L ? Link.FOREVER : timeout.toNanos();
    }

    private Object writeReplace() throws NotSerializableException {
        if (!(codec instanceof Serializable)) {
            throw new NotSerializableException(
                    address
                            + " cannot travel with its codec "
                            + codec
                            + ", which is not Serializable");
        }
        return new Travelling(
                address, (Serializable) codec, direction, link.travels().orElse(null));
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a channel travels as " + Travelling.class.getName());
    }

    /** A channel on its way to another process. */
    private record Travelling(
            Address address, Serializable codec, Direction direction, Object handle)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("unchecked") // the codec of a channel of that type
        private Object readResolve() throws ObjectStreamException {
            Transport transport = Transports.of(address);
            Link link =
                    handle == null
                            ? transport.open(address, direction)
                            : transport.adopt(address, direction, handle);
            return new LinkChannel<>(transport, address, (Codec<Object>) codec, direction, link);
        }
    }
}
