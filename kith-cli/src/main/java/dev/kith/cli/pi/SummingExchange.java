// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.ChannelPair;
import dev.kith.channel.Sender;
import dev.kith.codec.Codec;
import dev.kith.process.Task;
import java.util.List;

/**
 * One pair whose sending end all children hold: whole numbers that the mechanism adds up, in units
 * of 2<sup>-56</sup>. The sum is 1.23…, so it takes 57 of 63 bits.
 */
final class SummingExchange implements Exchange {
    private static final int FRACTION_BITS = 56;

    private final ChannelPair<Long> pair;
    private final int children;

    SummingExchange(Address shared, int children) {
        this.pair = Channel.pair(shared.toString(), Codec.longs());
        this.children = children;
    }

    @Override
    public Task<long[]> task(int child, Series.Share share) {
        Sender<Long> end = pair.sender();
        long from = share.from();
        long to = share.to();
        return () -> {
            Series.Sum sum = Series.sum(from, to);
            long units = (long) Math.scalb(sum.value(), FRACTION_BITS);
            try (end) {
                // A child without a term has nothing to add.
                if (units > 0) {
                    end.send(units);
                }
            }
            return sum.span();
        };
    }

    @Override
    public double total(Wait allDelivered) throws InterruptedException {
        allDelivered.await();
        return Math.scalb((double) pair.receiver().tryReceive().orElse(0L), -FRACTION_BITS);
    }

    @Override
    public long bytes() {
        return (long) children * Long.BYTES;
    }

    @Override
    public List<String> names() {
        return List.of();
    }

    @Override
    public void close() {
        pair.close();
    }
}
