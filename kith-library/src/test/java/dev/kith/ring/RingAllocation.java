// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.codec.Codec;
import dev.kith.codec.StructLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what a message allocates, for each way to send and to receive: lines of {@code what}, a
 * tab, and bytes for {@link #MESSAGES} messages, each in the thread that made the calls.
 */
final class RingAllocation {
    static final int MESSAGES = 20_000;
    private static final int WARM_UP = 20_000;
    static final int SLEEPS = 300;
    private static final int BATCH = 8;
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final MemorySegment MESSAGE = MemorySegment.ofArray(new byte[64]);
    private static final Quote QUOTE = new Quote(1, 2.5, 3);
    private static final StructLayout<Quote> STRUCT = Codec.struct(Quote.class);
    private static final Codec<Object> OBJECTS = Codec.objects();
    private static final Object VALUE = List.of(42, 7L, 2.5, "hello");
    private static final Long NUMBER = 123_456_789L;
    private static final Double FRACTION = 2.5;
    private static final RingHandler SUM = RingAllocation::add;

    private static long sum;

    record Quote(long id, double price, int size) {}

    private interface Send {
        void to(RingProducer out) throws InterruptedException;
    }

    private interface Receive {
        int from() throws InterruptedException;
    }

    private record Sending(String name, Send send) {}

    private RingAllocation() {}

    public static void main(String[] arguments) throws Exception {
        for (Waiter waiter : List.of(Waiter.BLOCK, Waiter.PARK)) {
            for (int kind = RingLayout.KIND_SPSC; kind <= RingLayout.KIND_MPSC; kind++) {
                String name = waiter + (kind == RingLayout.KIND_SPSC ? " SPSC " : " MPSC ");
                try (Rings test = Rings.create(kind, 4096);
                        RingProducer out = test.ring.producer(waiter);
                        RingConsumer in = test.ring.consumer(waiter)) {
                    measure(name, out, () -> received(in));
                    measureSleeps(name, out, () -> waited(in));
                }
            }
        }
        for (Policy policy : Policy.values()) {
            try (Broadcast broadcast = Broadcast.create(Rings.freshName(), 4096)) {
                broadcast.unlink();
                try (RingProducer out = broadcast.producer();
                        Subscriber in = broadcast.subscribe(policy)) {
                    measure(policy + " broadcast ", out, () -> received(in));
                    measureSleeps(policy + " broadcast ", out, () -> waited(in));
                }
            }
        }
        System.out.println("end\t0");
        System.err.print(sum == 1 ? " " : ""); // what was received is used
    }

    /** By reflection: the module of the library does not read that of the management beans. */
    static long allocated() throws ReflectiveOperationException {
        Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
        Object threads = factory.getMethod("getThreadMXBean").invoke(null);
        Method bytes =
                Class.forName("com.sun.management.ThreadMXBean")
                        .getMethod("getCurrentThreadAllocatedBytes");
        return (long) bytes.invoke(threads);
    }

    /** Every way to send, received in place. */
    private static void measure(String name, RingProducer out, Receive receive) throws Exception {
        for (Sending each : sendings()) {
            run(out, each.send, receive, WARM_UP);
            long before = allocated();
            run(out, each.send, receive, MESSAGES);
            System.out.println(name + each.name + "\t" + (allocated() - before));
        }
    }

    private static List<Sending> sendings() {
        return List.of(
                new Sending("claim", RingAllocation::claim),
                new Sending("tryClaim", out -> publish(out.tryClaim(64))),
                new Sending("tryClaim in time", out -> publish(out.tryClaim(64, SHORT))),
                new Sending("put", out -> out.put(MESSAGE)),
                new Sending("offer", out -> out.offer(MESSAGE)),
                new Sending("offer in time", out -> out.offer(MESSAGE, SHORT)),
                new Sending("struct", out -> out.put(QUOTE, STRUCT)),
                new Sending("longs", out -> out.put(NUMBER, Codec.longs())),
                new Sending("doubles", out -> out.offer(FRACTION, Codec.doubles(), SHORT)),
                new Sending("objects", out -> out.put(VALUE, OBJECTS)));
    }

    private static void run(RingProducer out, Send send, Receive receive, int messages)
            throws InterruptedException {
        for (int sent = 0; sent < messages; sent += BATCH) {
            for (int i = 0; i < BATCH; i++) {
                send.to(out);
            }
            receive.from();
        }
    }

    /** A consumer that sleeps before each message: what either side allocates for that. */
    private static void measureSleeps(String name, RingProducer out, Receive receive)
            throws Exception {
        Thread sender =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                send(name, out);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        long before = 0;
        for (int got = 0; got < 2 * SLEEPS; ) {
            got += receive.from();
            if (before == 0 && got >= SLEEPS) {
                before = allocated();
            }
        }
        long bytes = allocated() - before;
        sender.join();
        System.out.println(name + "sleeping\t" + bytes);
    }

    private static void send(String name, RingProducer out) throws Exception {
        long before = 0;
        for (int i = 0; i < 2 * SLEEPS; i++) {
            LockSupport.parkNanos(300_000);
            claim(out);
            if (i == SLEEPS) {
                before = allocated();
            }
        }
        System.out.println(name + "waking\t" + (allocated() - before));
    }

    private static void claim(RingProducer out) throws InterruptedException {
        publish(out.claim(64));
    }

    private static void publish(Claim claim) {
        try (claim) {
            claim.ring().set(ValueLayout.JAVA_LONG, claim.offset(), sum);
            claim.publish();
        }
    }

    private static int received(RingConsumer in) throws InterruptedException {
        in.await();
        return in.drain(SUM, Integer.MAX_VALUE);
    }

    private static int waited(RingConsumer in) throws InterruptedException {
        in.await();
        return in.drain(SUM, 1);
    }

    private static int received(Subscriber in) throws InterruptedException {
        in.await();
        return in.drain(SUM, Integer.MAX_VALUE);
    }

    /** What it has lost counts, too: nobody sends it again. */
    private static int waited(Subscriber in) throws InterruptedException {
        long before = in.taken() + in.lost();
        in.await();
        in.drain(SUM, 1);
        return (int) (in.taken() + in.lost() - before);
    }

    private static void add(MemorySegment memory, long offset, int length) {
        sum += memory.get(ValueLayout.JAVA_BYTE, offset + length - 1);
    }
}
