// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.posix.Semaphore;
import dev.kith.posix.SharedMemory;
import dev.kith.process.Worker;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Four processes add to one number in shared memory: without the semaphore sums are lost. */
public final class ShmSemaphore {
    private ShmSemaphore() {}

    public static void main(String[] arguments) throws Exception {
        String name = "/kith-example-" + ProcessHandle.current().pid();
        var children = IntStream.range(0, 4).mapToObj(i -> Worker.start()).toList();
        try (var memory = SharedMemory.create(name, 8);
                var lock = Semaphore.create(name, 1)) {
            for (boolean locked : new boolean[] {false, true}) {
                int each = locked ? 250_000 : 10_000_000;
                memory.segment().set(ValueLayout.JAVA_LONG, 0, 0);
                var sums =
                        children.stream()
                                .map(child ->
                                        child.async(() -> {
                                            for (int n = 0; n < each; n++) {
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
                sums.forEach(CompletableFuture::join);
                long sum = memory.segment().get(ValueLayout.JAVA_LONG, 0);
                System.out.println(
                        locked
                                ? "with semaphore: " + sum
                                : "without: " + (sum < 4 * each ? "sums lost" : sum));
            }
            memory.unlink();
            lock.unlink();
        }
        children.forEach(Worker::close);
    }
}
