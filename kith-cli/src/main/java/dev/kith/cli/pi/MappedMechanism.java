// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.posix.FileLock;
import dev.kith.posix.MappedFile;
import java.nio.file.Path;
import java.util.List;

/** A memory-mapped file, guarded by a lock on the file, which falls when its holder dies. */
final class MappedMechanism implements Mechanism {
    @Override
    public String name() {
        return "mmap+lock";
    }

    @Override
    public Exchange open(int children, Path directory) {
        return new Guarded(MappedFile.create(directory.resolve("sum"), SharedSum.BYTES), children);
    }

    /**
     * The file while it is used.
     *
     * @param file holds the sum
     * @param children how many add
     */
    private record Guarded(MappedFile file, int children) implements Exchange {
        @Override
        public Delivery delivery(int child) {
            MappedFile shared = file;
            return sum -> {
                try (shared;
                        FileLock guard = FileLock.of(shared)) {
                    guard.lock();
                    SharedSum.add(shared.segment(), sum);
                    guard.unlock();
                }
            };
        }

        @Override
        public double total(Wait allDelivered) throws InterruptedException {
            allDelivered.await();
            return SharedSum.read(file.segment());
        }

        @Override
        public long bytes() {
            return children * SharedSum.BYTES;
        }

        @Override
        public List<String> names() {
            return List.of(file.name());
        }

        @Override
        public void close() {
            try (file) {
                file.unlink();
            }
        }
    }
}
