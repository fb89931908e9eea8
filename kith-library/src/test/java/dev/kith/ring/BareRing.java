// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.codec.Codec;

/** A program that was started without a flag: echoes numbers, or says why it cannot. */
final class BareRing {
    private BareRing() {}

    /** The name of the ring to receive from, and of the one to send to. */
    public static void main(String[] arguments) throws Exception {
        try (SpscRing from = SpscRing.open(arguments[0]);
                MpscRing to = MpscRing.open(arguments[1]);
                RingConsumer in = from.consumer();
                RingProducer out = to.producer()) {
            long[] last = {-1};
            while (last[0] != 99) {
                in.await();
                in.drain((memory, at, length) -> last[0] = Rings.checked(memory, at, length), 1);
                out.put(last[0] + 1, Codec.longs());
            }
        }
    }
}
