// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.process.Worker;
import dev.kith.sysv.SemaphoreSet;
import java.time.Duration;

/** A child is killed while it holds a System V semaphore; the kernel gives it back. */
public final class SemaphoreUndo {
    private SemaphoreUndo() {}

    public static void main(String[] arguments) throws Exception {
        try (var lock = SemaphoreSet.create(1)) {
            lock.undo(true);
            var child =
                    Worker.start(() -> {
                        lock.acquire();
                        Thread.sleep(Duration.ofHours(1));
                    });
            while (lock.value(0) > 0) {
                Thread.sleep(1);
            }
            System.out.println(
                    lock.tryAcquire(0, Duration.ofMillis(50)) ? "free" : "a child holds it");
            child.kill();
            lock.acquire();
            System.out.println("the child was killed, the kernel gave it back");
            lock.release();
            lock.unlink();
        }
    }
}
