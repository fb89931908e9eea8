// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.Message;
import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.Listener;
import dev.kith.channel.Sender;
import dev.kith.codec.Codec;
import dev.kith.process.Task;
import java.util.List;

/** A listener, to which each child connects. */
final class ConnectionExchange implements Exchange {
    private final Listener<Double> listener;
    private final int children;
    private long bytes;

    ConnectionExchange(Address address, int children) {
        this.listener = Listener.open(address.toString(), Codec.doubles());
        this.children = children;
    }

    @Override
    public Task<long[]> task(int child, Series.Share share) {
        String uri = listener.address().toString();
        long from = share.from();
        long to = share.to();
        return () -> {
            Series.Sum sum = Series.sum(from, to);
            try (Sender<Double> end = Sender.open(uri, Codec.doubles())) {
                end.send(sum.value());
                end.end();
            }
            return sum.span();
        };
    }

    @Override
    public double total(Wait allDelivered) throws InterruptedException {
        double total = 0;
        for (int i = 0; i < children; i++) {
            try (Channel<Double> peer = listener.accept()) {
                Message<Double> message = peer.receiveMessage();
                bytes += message.lengthBytes();
                total += message.value();
            }
        }
        return total;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public List<String> names() {
        return List.of(listener.address().withoutOptions().toString());
    }

    @Override
    public void close() {
        listener.close();
    }
}
