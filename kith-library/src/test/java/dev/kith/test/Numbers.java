// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.codec.Codec;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;

/** Numbers by which the contract fills a mechanism, and what must come out of it again. */
final class Numbers {
    private static final Duration SHORT = Duration.ofMillis(50);

    private Numbers() {}

    /** A stream whose capacity stays what it is: TCP enlarges its buffers unless told otherwise. */
    static Trial<Long> limited(Transport transport) throws Exception {
        boolean told =
                transport.traits().contains(Trait.STREAM)
                        && transport.options().containsKey("capacity");
        return Trial.of(transport, Codec.longs(), told ? Map.of("capacity", "65536") : Map.of());
    }

    /**
     * What is sent to fill a mechanism: the numbers from 1 on, to be received in their order; where
     * they are added up the largest there is, so that it takes few of them.
     */
    static long filling(Trial<Long> trial, long index) {
        return trial.has(Trait.COALESCES) ? Long.MAX_VALUE : index;
    }

    /** The first of {@link #filling}, in their order, or their sum. */
    static void assertReceives(Trial<Long> trial, long count) throws InterruptedException {
        if (trial.has(Trait.COALESCES)) {
            BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
            assertReceivesTheSum(trial, most.multiply(BigInteger.valueOf(count)));
            return;
        }
        for (long i = 1; i <= count; i++) {
            assertThat(trial.receiver.receive()).isEqualTo(i);
        }
    }

    static void assertReceivesTheSum(Trial<Long> trial, BigInteger sum)
            throws InterruptedException {
        BigInteger received = BigInteger.ZERO;
        while (received.compareTo(sum) < 0) {
            long number = trial.receiver.receive();
            assertThat(number).isPositive();
            received = received.add(BigInteger.valueOf(number));
        }
        assertThat(received).isEqualTo(sum);
    }

    static BigInteger sumTo(long last) {
        return BigInteger.valueOf(last * (last + 1) / 2);
    }

    /**
     * Sends what fills it until there is no room for a while. A stream may still take the last one
     * in part. How many were sent.
     */
    static long fill(Trial<Long> trial) throws InterruptedException {
        long sent = 0;
        // TCP finds room later where it first saw none: when the other side's window is told anew.
        Duration patience = trial.has(Trait.CROSS_HOST) ? SHORT.multipliedBy(10) : SHORT;
        while (trial.sender.trySend(filling(trial, sent + 1), patience)) {
            sent++;
            if (sent > 10_000_000) {
                throw new AssertionError("never full: " + trial.address);
            }
        }
        return sent;
    }
}
