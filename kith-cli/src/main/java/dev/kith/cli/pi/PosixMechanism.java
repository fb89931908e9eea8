// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.posix.Semaphore;
import dev.kith.posix.SharedMemory;
import dev.kith.process.Task;
import java.nio.file.Path;
import java.util.List;

/** POSIX shared memory, guarded by a named POSIX semaphore of the value 1. */
final class PosixMechanism implements Mechanism {
    @Override
    public String name() {
        return "shm+sem";
    }

    @Override
    public Exchange open(int children, Path directory) {
        // The folder's name is taken by nobody else, and so is this one.
        String name = "/" + directory.getFileName();
        SharedMemory memory = SharedMemory.create(name, SharedSum.BYTES);
        try {
            return new Guarded(memory, Semaphore.create(name, 1), children);
        } catch (RuntimeException failed) {
            memory.unlink();
            memory.close();
            throw failed;
        }
    }

    /**
     * Both while they are used.
     *
     * @param memory holds the sum
     * @param semaphore 1 while nobody adds
     * @param children how many add
     */
    private record Guarded(SharedMemory memory, Semaphore semaphore, int children)
            implements Exchange {
        @Override
        public Task<long[]> task(int child, Series.Share share) {
            String name = memory.name();
            long from = share.from();
            long to = share.to();
            return () -> {
                Series.Sum sum = Series.sum(from, to);
                try (SharedMemory shared = SharedMemory.open(name);
                        Semaphore guard = Semaphore.open(name)) {
                    guard.acquire();
                    try {
                        SharedSum.add(shared.segment(), sum.value());
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
            return List.of(
                    "/dev/shm" + memory.name(), "/dev/shm/sem." + semaphore.name().substring(1));
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
