// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.Message;
import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.ChannelPair;
import dev.kith.channel.Sender;
import dev.kith.codec.Codec;
import dev.kith.process.Task;
import java.util.ArrayList;
import java.util.List;

/** A pair of ends for each child, which takes one of them with it. */
final class PairExchange implements Exchange {
    private final List<ChannelPair<Double>> pairs = new ArrayList<>();
    private long bytes;

    PairExchange(Address address, int children) {
        try {
            for (int i = 0; i < children; i++) {
                pairs.add(Channel.pair(address.toString(), Codec.doubles()));
            }
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    @Override
    public Task<long[]> task(int child, Series.Share share) {
        Sender<Double> end = pairs.get(child).sender();
        long from = share.from();
        long to = share.to();
        return () -> {
            Series.Sum sum = Series.sum(from, to);
            try (end) {
                end.send(sum.value());
            }
            return sum.span();
        };
    }

    @Override
    public double total(Wait allDelivered) throws InterruptedException {
        double total = 0;
        for (ChannelPair<Double> pair : pairs) {
            Message<Double> message = pair.receiver().receiveMessage();
            bytes += message.lengthBytes();
            total += message.value();
        }
        return total;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public List<String> names() {
        return List.of();
    }

    @Override
    public void close() {
        pairs.forEach(ChannelPair::close);
    }
}
