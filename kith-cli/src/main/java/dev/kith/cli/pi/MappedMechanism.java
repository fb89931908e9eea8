// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.posix.FileLock;
import dev.kith.posix.MappedFile;
import dev.kith.process.Task;
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
        public Task<long[]> task(int child, Series.Share share) {
            String path = file.name();
            long from = share.from();
            long to = share.to();
            return () -> {
                Series.Sum sum = Series.sum(from, to);
                try (MappedFile shared = MappedFile.open(Path.of(path));
                        FileLock guard = FileLock.of(shared)) {
                    guard.lock();
                    SharedSum.add(shared.segment(), sum.value());
                    guard.unlock();
                }
                return sum.span();
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
