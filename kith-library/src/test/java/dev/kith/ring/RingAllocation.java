// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;

/** Measures what a message allocates, in a JVM without an optimising compiler to hide it. */
final class RingAllocation {
    private static final int MESSAGES = 100_000;
    private static long sum;

    private RingAllocation() {}

    public static void main(String[] arguments) throws Exception {
        for (int kind = RingLayout.KIND_SPSC; kind <= RingLayout.KIND_MPSC; kind++) {
            try (Rings test = Rings.create(kind, 4096);
                    RingProducer out = test.ring.producer(Waiter.BLOCK);
                    RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
                run(out, in, 10_000);
                long before = allocated();
                run(out, in, MESSAGES);
                System.out.println(allocated() - before);
            }
        }
        System.out.println(sum);
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

    private static void run(RingProducer out, RingConsumer in, int messages)
            throws InterruptedException {
        for (int i = 0; i < messages; i++) {
            try (Claim claim = out.claim(64)) {
                claim.ring().set(ValueLayout.JAVA_LONG, claim.offset(), i);
                claim.publish();
            }
            if (i % 3 == 0) {
                in.await();
                in.drain((ring, offset, _) -> sum += ring.get(ValueLayout.JAVA_LONG, offset), 9);
            }
        }
    }
}
