// SPDX-License-Identifier: Apache-2.0
package dev.kith.bare;

import dev.kith.codec.Codec;
import dev.kith.ring.MpscRing;
import dev.kith.ring.RingConsumer;
import dev.kith.ring.RingProducer;
import dev.kith.ring.SpscRing;
import dev.kith.ring.Waiter;
import java.lang.foreign.ValueLayout;

/**
 * One side of a conversation over two rings, once in each way to wait, with pauses in which the
 * other side falls asleep: {@code ask} or {@code answer}, and the names of the rings.
 */
public final class RingTalk {
    private static final long MESSAGES = 200;
    private static final long PAUSE_EVERY = 40;

    private RingTalk() {}

    /** Prints the sum of the answers, which is that of the questions plus one each. */
    public static void main(String[] arguments) throws Exception {
        boolean asks = arguments[0].equals("ask");
        try (SpscRing questions = SpscRing.openOrCreate(arguments[1], 1024);
                MpscRing answers = MpscRing.openOrCreate(arguments[2], 1024)) {
            for (Waiter waiter : Waiter.values()) {
                try (RingConsumer in =
                                asks ? answers.consumer(waiter) : questions.consumer(waiter);
                        RingProducer out =
                                asks ? questions.producer(waiter) : answers.producer(waiter)) {
                    if (asks) {
                        System.out.println(waiter + " " + asked(in, out));
                    } else {
                        answer(in, out);
                    }
                }
            }
            if (asks) {
                questions.unlink();
                answers.unlink();
            }
        }
    }

    private static long asked(RingConsumer in, RingProducer out) throws Exception {
        long sum = 0;
        for (long i = 1; i <= MESSAGES; i++) {
            out.put(i, Codec.longs());
            sum += taken(in);
            if (i % PAUSE_EVERY == 0) {
                Thread.sleep(2);
            }
        }
        return sum;
    }

    private static void answer(RingConsumer in, RingProducer out) throws Exception {
        for (long i = 1; i <= MESSAGES; i++) {
            out.put(taken(in) + 1, Codec.longs());
        }
    }

    private static long taken(RingConsumer in) throws InterruptedException {
        long[] got = new long[1];
        do {
            in.await();
        } while (in.drain((memory, at, _) -> got[0] = memory.get(ValueLayout.JAVA_LONG, at), 1)
                == 0);
        return got[0];
    }
}
