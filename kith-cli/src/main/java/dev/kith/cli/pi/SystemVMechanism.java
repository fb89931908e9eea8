// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.process.Task;
import dev.kith.sysv.Key;
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
        public Task<long[]> task(int child, Series.Share share) {
            int memoryKey = memory.key().number();
            int semaphoreKey = semaphore.key().number();
            long from = share.from();
            long to = share.to();
            return () -> {
                Series.Sum sum = Series.sum(from, to);
                try (SharedMemory shared = SharedMemory.open(Key.of(memoryKey));
                        SemaphoreSet guard = SemaphoreSet.open(Key.of(semaphoreKey))) {
                    guard.acquire();
                    try {
                        SharedSum.add(shared.attach(), sum.value());
                    } finally {
                        guard.release();
                    }
                }
                return sum.span();
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
