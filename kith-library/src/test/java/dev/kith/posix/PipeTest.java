// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.PeerDied;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PipeTest {
    @Test
    void shouldReadWhatWasWrittenAndThenTheEnd() throws Exception {
        try (Pipe pipe = Pipe.open();
                Arena arena = Arena.ofConfined()) {
            pipe.writer().write(arena.allocateFrom("hello"));
            pipe.writer().close();
            MemorySegment buffer = arena.allocate(100);
            assertThat(pipe.reader().read(buffer)).isEqualTo(6);
            assertThat(buffer.getString(0)).isEqualTo("hello");
            assertThat(pipe.reader().read(buffer)).isZero();
        }
    }

    @Test
    void shouldTellAWriterThatNobodyReads() throws Exception {
        try (Pipe pipe = Pipe.open();
                Arena arena = Arena.ofConfined()) {
            pipe.reader().close();
            assertThatThrownBy(() -> pipe.writer().write(arena.allocate(5)))
                    .isInstanceOf(PeerDied.class)
                    .hasMessageContaining("write(writing end of a pipe, 5): EPIPE (Broken pipe)");
        }
    }

    @Test
    void shouldWriteWhatThereIsRoomForWithinTheTime() throws Exception {
        try (Pipe pipe = Pipe.open();
                Arena arena = Arena.ofConfined()) {
            int capacity = pipe.writer().capacityBytes();
            MemorySegment large = arena.allocate(capacity + 1);
            assertThat(pipe.writer().tryWrite(large, Duration.ZERO)).hasValue(capacity);
            long start = System.nanoTime();
            assertThat(pipe.writer().tryWrite(large, Duration.ofMillis(30))).isEmpty();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
        }
    }

    @Test
    void shouldGrowAndSayHowMuchItHolds() {
        try (Pipe pipe = Pipe.open()) {
            assertThat(pipe.writer().capacityBytes(200_000)).isEqualTo(262_144);
            assertThat(pipe.reader().capacityBytes()).isEqualTo(262_144);
        }
    }

    @Test
    void shouldGiveEachPacketToOneReadAsAWhole() throws Exception {
        try (Pipe pipe = Pipe.open();
                Arena arena = Arena.ofConfined()) {
            pipe.writer().packets();
            pipe.writer().write(arena.allocate(3));
            pipe.writer().write(arena.allocate(5));
            MemorySegment buffer = arena.allocate(100);
            assertThat(pipe.reader().read(buffer)).isEqualTo(3);
            assertThat(pipe.reader().tryRead(buffer, Duration.ZERO)).hasValue(5);
        }
    }

    @Test
    void shouldBeStreamsToo() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            byte[] sent = "0123456789".repeat(5000).getBytes(StandardCharsets.US_ASCII);
            Thread writing =
                    Thread.ofPlatform()
                            .start(() -> {
                                try (var out = pipe.writer().outputStream()) {
                                    out.write(sent);
                                } catch (java.io.IOException e) {
                                    throw new AssertionError(e);
                                }
                            });
            assertThat(pipe.reader().inputStream().readAllBytes()).isEqualTo(sent);
            writing.join();
        }
    }

    @Test
    void shouldNotLetACloseEndTheCallOfAnotherHandle() throws Exception {
        // A descriptor number is given out again: a call on a closed handle must not reach the new
        // owner.
        for (int i = 0; i < 200; i++) {
            Pipe pipe = Pipe.open();
            pipe.close();
            try (Pipe next = Pipe.open();
                    Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(8);
                assertThatThrownBy(() -> pipe.reader().read(buffer)).isInstanceOf(Closed.class);
                next.writer().write(arena.allocateFrom(ValueLayout.JAVA_INT, i));
                assertThat(next.reader().read(buffer)).isEqualTo(4);
            }
        }
    }

    @Test
    void shouldNotTravelWhereNoDescriptorCan() {
        try (Pipe pipe = Pipe.open()) {
            assertThatThrownBy(() ->
                            new ObjectOutputStream(new ByteArrayOutputStream())
                                    .writeObject(pipe.reader()))
                    .isInstanceOf(NotSerializableException.class)
                    .hasMessageContaining("capture it in a task for Worker.start");
        }
    }
}
