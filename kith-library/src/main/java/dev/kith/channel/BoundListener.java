// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.codec.Codec;
import java.time.Duration;
import java.util.Optional;

/** The one listener there is, over a {@link Binding}. */
final class BoundListener<T> implements Listener<T> {
    private final Transport transport;
    private final Codec<T> codec;
    private final Binding binding;

    private BoundListener(Transport transport, Codec<T> codec, Binding binding) {
        this.transport = transport;
        this.codec = codec;
        this.binding = binding;
    }

    static <T> BoundListener<T> open(String uri, Codec<T> codec) {
        Address address = Address.parse(uri);
        Transport transport = Transports.of(address);
        LinkChannel.checkCodec(transport, address, codec);
        return new BoundListener<>(transport, codec, transport.listen(address));
    }

    @Override
    public Channel<T> accept() throws InterruptedException {
        return channel(binding.accept(Link.FOREVER));
    }

    @Override
    public Optional<Channel<T>> accept(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(binding.accept(LinkChannel.nanos(timeout))).map(this::channel);
    }

    @Override
    public Address address() {
        return binding.address();
    }

    @Override
    public boolean isReady() {
        return binding.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return binding.whenReady(wake);
    }

    @Override
    public void close() {
        binding.close();
    }

    @Override
    public String toString() {
        return "listener " + binding.address();
    }

    private Channel<T> channel(Link link) {
        return new LinkChannel<>(transport, binding.address(), codec, Direction.BOTH, link);
    }
}
