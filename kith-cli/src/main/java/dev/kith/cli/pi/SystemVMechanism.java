// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.sysv.SemaphoreSet;
import dev.kith.sysv.SharedMemory;
import java.nio.file.Path;
import java.util.List;

/** System V shared memory, guarded by a System V semaphore, which a child that dies gives back. */
final class SystemVMechanism implements Mechanism {
    @Override
    public String name() {
        return "sysvshm+sem";
    }

    @Override
    public Exchange open(int children, Path directory) {
        SharedMemory memory = SharedMemory.create(SharedSum.BYTES);
        try {
            memory.attach();
            return new Guarded(memory, SemaphoreSet.create(1), children);
        } catch (RuntimeException failed) {
            memory.unlink();
            memory.close();
            throw failed;
        }
    }

    /**
     * Both while they are used.
     *
     * @param memory attached here
     * @param semaphore 1 while nobody adds
     * @param children how many add
     */
    private record Guarded(SharedMemory memory, SemaphoreSet semaphore, int children)
            implements Exchange {
        @Override
        public Delivery delivery(int child) {
            SharedMemory shared = memory;
            SemaphoreSet guard = semaphore;
            return sum -> {
                try (shared;
                        guard) {
                    guard.acquire();
                    try {
                        SharedSum.add(shared.attach(), sum);
                    } finally {
                        guard.release();
                    }
                }
            };
        }

        @Override
        public double total(Wait allDelivered) throws InterruptedException {
            allDelivered.await();
            return SharedSum.read(memory.segment());
        }

        @Override
        public long bytes() {
            return children * SharedSum.BYTES;
        }

        @Override
        public List<String> names() {
            return List.of("sysvshm:" + memory.name(), "sysvsem:" + semaphore.name());
        }

        @Override
        public void close() {
            try (memory;
                    semaphore) {
                semaphore.unlink();
                memory.unlink();
            }
        }
    }
}
