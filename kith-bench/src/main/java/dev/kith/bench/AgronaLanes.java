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
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's rings, in files in memory. */
final class AgronaLanes implements Lanes {
    /** Does not start without it. */
    static final List<String> FLAGS =
            List.of("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");

    private final Course course;
    private final List<String> names;
    private final List<RingBuffer> rings = new ArrayList<>();

    AgronaLanes(Course course, List<String> names) throws IOException {
        this.course = course;
        this.names = names;
        for (String name : names) {
            rings.add(open(name));
        }
    }

    static AgronaLanes lay(Course course, int lanes) throws IOException {
        List<String> names = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            Path file = Files.createTempFile(Path.of("/dev/shm"), "kith-bench-", ".agrona");
            file.toFile().deleteOnExit();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                int bytes = course.capacity() + RingBufferDescriptor.TRAILER_LENGTH;
                IoUtil.fill(channel, 0, bytes, (byte) 0);
            }
            names.add(file.toString());
        }
        return new AgronaLanes(course, names);
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public Outlet outlet(int lane) {
        return new AgronaOutlet(rings.get(lane), Idling.of(course.idle()));
    }

    @Override
    public Inlet inlet(int lane, Tally tally) {
        return new AgronaInlet(rings.get(lane), Idling.of(course.idle()), tally);
    }

    private RingBuffer open(String name) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        Path.of(name), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer memory =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            UnsafeBuffer buffer = new UnsafeBuffer(memory);
            return course.flavour() == Course.Flavour.MANY_TO_ONE
                    ? new ManyToOneRingBuffer(buffer)
                    : new OneToOneRingBuffer(buffer);
        }
    }
}
