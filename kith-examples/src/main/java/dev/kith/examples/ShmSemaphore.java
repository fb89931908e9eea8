// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.posix.Semaphore;
import dev.kith.posix.SharedMemory;
import dev.kith.process.Worker;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/**
 * Four processes add to one number in shared memory: sums are lost without the semaphore, none with
 * it.
 */
public final class ShmSemaphore {
    private ShmSemaphore() {}

    public static void main(String[] arguments) throws Exception {
        String name = "/kith-example-" + ProcessHandle.current().pid();
        try (var memory = SharedMemory.create(name, 8);
                var lock = Semaphore.create(name, 1)) {
            for (boolean locked : new boolean[] {false, true}) {
                memory.segment().set(ValueLayout.JAVA_LONG, 0, 0);
                var children =
                        IntStream.range(0, 4)
                                .mapToObj(i ->
                                        Worker.start(() -> {
                                            for (int n = 0; n < 250_000; n++) {
                                                if (locked) lock.acquire();
                                                long sum =
                                                        memory.segment()
                                                                .get(ValueLayout.JAVA_LONG, 0);
                                                memory.segment()
                                                        .set(ValueLayout.JAVA_LONG, 0, sum + 1);
                                                if (locked) lock.release();
                                            }
                                        }))
                                .toList();
                for (var child : children) child.join();
                long sum = memory.segment().get(ValueLayout.JAVA_LONG, 0);
                System.out.println(
                        locked
                                ? "with semaphore: " + sum
                                : "without: " + (sum < 1_000_000 ? "sums lost" : sum));
            }
            memory.unlink();
            lock.unlink();
        }
    }
}
