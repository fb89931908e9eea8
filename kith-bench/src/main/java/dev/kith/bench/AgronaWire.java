// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Two of Agrona's rings for one producer and one consumer, in files in memory, one each way. */
final class AgronaWire {
    /** Does not start without it. */
    static final List<String> FLAGS =
            List.of("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");

    private static final int CAPACITY = 64 * 1024;

    private AgronaWire() {}

    /** Makes the files, which are removed when this process ends: their names. */
    static List<String> lay() throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Path file = Files.createTempFile(Path.of("/dev/shm"), "kith-bench-", ".agrona");
            file.toFile().deleteOnExit();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                IoUtil.fill(channel, 0, CAPACITY + RingBufferDescriptor.TRAILER_LENGTH, (byte) 0);
            }
            names.add(file.toString());
        }
        return names;
    }

    /** The ends of the process that measures; the other one reverses the names. */
    static Ends ends(List<String> names, int bytes) throws IOException {
        return new AgronaEnds(open(names.get(1)), open(names.get(0)), bytes);
    }

    private static RingBuffer open(String name) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        Path.of(name), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer memory =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            return new OneToOneRingBuffer(new UnsafeBuffer(memory));
        }
    }
}
