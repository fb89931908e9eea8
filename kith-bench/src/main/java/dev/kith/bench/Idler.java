// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.ring.Claim;
import dev.kith.ring.RingConsumer;
import dev.kith.ring.RingProducer;
import dev.kith.ring.SpscRing;
import dev.kith.ring.Waiter;

/**
 * The main class of a JVM that does nothing: as the receiver, with a full ring that it does not
 * read and an empty one on which it waits; as the sender, who waits for room in the full one; or by
 * sleeping. Says the name of the rings, or that it is ready; ends with its input.
 */
final class Idler {
    static final String RECEIVER = "receiver";
    static final String SENDER = "sender";
    static final String SLEEPER = "sleeper";

    /** After the name that the receiver says: the ring that it does not read. */
    static final String FULL = "-full";

    private static final String EMPTY = "-empty";
    private static final int BYTES = 64;

    private Idler() {}

    public static void main(String[] args) {
        Orders.serve(orders -> {
            switch (args[0]) {
                case RECEIVER -> receive();
                case SENDER -> send(args[1]);
                default -> System.out.println(Side.READY);
            }
            orders.next();
        });
    }

    private static void receive() throws InterruptedException {
        String name = "/kith-bench-" + ProcessHandle.current().pid();
        create(name + FULL).consumer(Waiter.BLOCK);
        RingConsumer in = create(name + EMPTY).consumer(Waiter.BLOCK);
        System.out.println(name);
        in.await();
        throw new IllegalStateException("a message came where none is sent: " + in.backlogBytes());
    }

    private static SpscRing create(String name) {
        SpscRing ring = SpscRing.create(name, Field.SMALL);
        Runtime.getRuntime().addShutdownHook(new Thread(ring::unlink));
        return ring;
    }

    private static void send(String name) throws InterruptedException {
        SpscRing.open(name + EMPTY).producer(Waiter.BLOCK);
        RingProducer out = SpscRing.open(name + FULL).producer(Waiter.BLOCK);
        System.out.println(Side.READY);
        for (; ; ) {
            try (Claim claim = out.claim(BYTES)) {
                claim.publish();
            }
        }
    }
}
