// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.channel.Channel;
import dev.kith.codec.Codec;

/** Measures what a message through a channel allocates: lines of what, a tab, and bytes of one. */
final class ChannelAllocation {
    private static final int MESSAGES = 20_000;

    private ChannelAllocation() {}

    public static void main(String[] arguments) throws Exception {
        for (String option : new String[] {"?wait=block", "?wait=park"}) {
            measure("bytes" + option, option, Codec.bytes(), new byte[64]);
            measure("longs" + option, option, Codec.longs(), 123_456_789L);
            measure("doubles" + option, option, Codec.doubles(), 2.5);
            measure("objects" + option, option, Codec.<Object>objects(), "hello");
        }
    }

    private static <T> void measure(String what, String option, Codec<T> codec, T value)
            throws Exception {
        String name = Rings.freshName();
        try (MpscRing ring = MpscRing.create(name, 32768);
                Channel<T> channel = Channel.open("shm:" + name + option, codec)) {
            ring.unlink();
            run(channel, value);
            long before = RingAllocation.allocated();
            run(channel, value);
            // A few bytes are the JVM's own.
            System.out.println(what + "\t" + (RingAllocation.allocated() - before) / MESSAGES);
        }
    }

    private static <T> void run(Channel<T> channel, T value) throws InterruptedException {
        for (int i = 0; i < MESSAGES; i++) {
            channel.send(value);
            channel.receive();
        }
    }
}
