// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.process.Task;
import dev.kith.shared.SharedDouble;
import dev.kith.shared.SharedLock;
import java.nio.file.Path;
import java.util.List;

/** A shared value, guarded by a shared lock, which the next gets if its holder dies. */
final class ValueMechanism implements Mechanism {
    @Override
    public String name() {
        return "value+lock";
    }

    @Override
    public Exchange open(int children, Path directory) {
        // The folder's name is taken by nobody else, and so are these.
        String name = directory.getFileName().toString();
        SharedDouble sum = SharedDouble.create(name, 0);
        try {
            return new Guarded(sum, SharedLock.create(name + "-lock"), children);
        } catch (RuntimeException failed) {
            sum.unlink();
            sum.close();
            throw failed;
        }
    }

    /**
     * Both while they are used.
     *
     * @param total the sum
     * @param lock held by who adds
     * @param children how many add
     */
    private record Guarded(SharedDouble total, SharedLock lock, int children) implements Exchange {
        @Override
        public Task<long[]> task(int child, Series.Share share) {
            SharedDouble theirTotal = total;
            SharedLock theirLock = lock;
            long from = share.from();
            long to = share.to();
            return () -> {
                Series.Sum sum = Series.sum(from, to);
                try (theirTotal;
                        theirLock) {
                    theirLock.lock();
                    try {
                        theirTotal.set(theirTotal.get() + sum.value());
                    } finally {
                        theirLock.unlock();
                    }
                }
                return sum.span();
            };
        }

        @Override
        public double total(Wait allDelivered) throws InterruptedException {
            allDelivered.await();
            return total.get();
        }

        @Override
        public long bytes() {
            return children * SharedSum.BYTES;
        }

        @Override
        public List<String> names() {
            return List.of(
                    "/dev/shm/" + total.name(),
                    "/dev/shm/" + lock.name(),
                    "shm:/" + total.name(),
                    "shm:/" + lock.name());
        }

        @Override
        public void close() {
            try (total;
                    lock) {
                total.unlink();
                lock.unlink();
            }
        }
    }
}
