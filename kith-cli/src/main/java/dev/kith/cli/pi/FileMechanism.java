// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.process.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * An ordinary file, to which each child appends a line; read when all have. What one does without
 * any library.
 */
final class FileMechanism implements Mechanism {
    @Override
    public String name() {
        return "file";
    }

    @Override
    public Exchange open(int children, Path directory) throws IOException {
        Path file =
                Files.createFile(
                        directory.resolve("sums"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        return new Lines(file);
    }

    /** The file while it is used. */
    private static final class Lines implements Exchange {
        private final Path file;
        private long bytes;

        Lines(Path file) {
            this.file = file;
        }

        @Override
        public Task<long[]> task(int child, Series.Share share) {
            String path = file.toString();
            long from = share.from();
            long to = share.to();
            return () -> {
                Series.Sum sum = Series.sum(from, to);
                // One write of a file opened for appending: lines of several processes do not mix.
                Files.writeString(Path.of(path), sum.value() + "\n", StandardOpenOption.APPEND);
                return sum.span();
            };
        }

        @Override
        public double total(Wait allDelivered) throws IOException, InterruptedException {
            allDelivered.await();
            double total = 0;
            for (String line : Files.readAllLines(file)) {
                total += Double.parseDouble(line);
            }
            bytes = Files.size(file);
            return total;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public List<String> names() {
            return List.of(file.toString());
        }

        @Override
        public void close() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
