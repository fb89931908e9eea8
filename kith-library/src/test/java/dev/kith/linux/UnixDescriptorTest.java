// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.HasFd;
import dev.kith.Python;
import dev.kith.posix.Pipe;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Open files that are passed through a Unix socket. */
@Timeout(60)
class UnixDescriptorTest {
    private static final String PYTHON =
            """
            import socket, os, sys
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1])
            data, fds, flags, _ = socket.recv_fds(s, 100, 10)
            print(data.decode(), len(fds), os.read(fds[0], 100).decode(), flush=True)
            r, w = os.pipe()
            f = os.open(sys.argv[2], os.O_RDONLY)
            socket.send_fds(s, [b'from Python'], [f, w])
            print(os.read(r, 100).decode(), flush=True)
            s.recv(1)
            """;

    @TempDir Path directory;

    @Test
    void shouldPassDescriptorsToPythonAndTakeThemFromIt() throws Exception {
        String name = directory.resolve("socket").toString();
        Path file = Files.writeString(directory.resolve("file"), "first second");
        try (UnixListener listener = UnixListener.bind(name);
                Arena arena = Arena.ofConfined();
                Fd open = Fd.open(file)) {
            MemorySegment buffer = arena.allocate(100);
            open.read(buffer.asSlice(0, 6));
            Process python = Python.start(PYTHON, name, file.toString());
            try (UnixSocket socket = listener.accept()) {
                assertThat(socket.write(text(arena, "from Java"), open, open)).isEqualTo(9);
                // The position is the open file's: the other side reads on.
                assertThat(python.inputReader().readLine()).isEqualTo("from Java 2 second");
                List<Fd> got = new ArrayList<>();
                assertThat(socket.read(buffer, got::add)).isEqualTo(11);
                assertThat(got).hasSize(2);
                assertThat(got.get(0).target()).isEqualTo(file.toString());
                assertThat(got.get(0).read(buffer)).isEqualTo(12);
                got.get(1).write(text(arena, "through Python's pipe"));
                assertThat(python.inputReader().readLine()).isEqualTo("through Python's pipe");
                got.forEach(Fd::close);
                socket.write(buffer.asSlice(0, 1));
                assertThat(python.waitFor()).isZero();
            } finally {
                python.destroyForcibly();
            }
        }
    }

    @Test
    void shouldLeakNothingWhereNobodyTakesTheDescriptors() throws Exception {
        try (UnixSocketPair pair = UnixSocket.pair();
                Pipe pipe = Pipe.open();
                Arena arena = Arena.ofConfined()) {
            MemorySegment byteOf = arena.allocate(1);
            pair.first().write(byteOf, pipe.writer());
            pair.second().read(byteOf);
            pair.first().write(byteOf, pipe.writer());
            assertThatThrownBy(() ->
                            pair.second()
                                    .read(
                                            byteOf,
                                            fd -> {
                                                throw new IllegalStateException("not I");
                                            }))
                    .hasMessage("not I");
            pair.first().write(byteOf, pipe.writer(), pipe.writer());
            List<Fd> taken = new ArrayList<>();
            assertThat(pair.second().tryRead(byteOf, taken::add, Duration.ofSeconds(5)))
                    .hasValue(1);
            assertThat(taken).hasSize(2);
            taken.forEach(Fd::close);
            pipe.writer().close();
            // The end is seen: no other writer is left.
            assertThat(pipe.reader().read(arena.allocate(1))).isZero();
        }
    }

    @Test
    void shouldPassAsManyAsTheKernelTakesAndRefuseMore() throws Exception {
        try (UnixSocketPair pair = UnixSocket.pair();
                Pipe pipe = Pipe.open();
                Arena arena = Arena.ofConfined()) {
            MemorySegment byteOf = arena.allocate(1);
            List<Fd> taken = new ArrayList<>();
            pair.first()
                    .write(byteOf, Collections.nCopies(253, pipe.reader()).toArray(HasFd[]::new));
            pair.second().read(byteOf, taken::add);
            assertThat(taken).hasSize(253);
            taken.forEach(Fd::close);
            assertThatThrownBy(() ->
                            pair.first()
                                    .tryWrite(
                                            byteOf,
                                            Collections.nCopies(254, pipe.reader()),
                                            Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "too many descriptors in one call: handles=254, limit=253"
                                    + " (SCM_MAX_FD)");
            assertThatThrownBy(() -> pair.first().write(byteOf.asSlice(0, 0), pipe.reader()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("an empty buffer carries no descriptors: handles=1");
            pipe.reader().close();
            assertThatThrownBy(() -> pair.first().write(byteOf, pipe.writer(), pipe.reader()))
                    .isInstanceOf(Closed.class);
            assertThat(pair.second().tryRead(byteOf, Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void shouldWriteWhatIsLongerThanTheSocketHolds() throws Exception {
        try (UnixSocketPair pair = UnixSocket.pair();
                Fd file = Fd.open(directory, StandardOpenOption.READ);
                Arena arena = Arena.ofShared()) {
            MemorySegment data = arena.allocate(3_000_000);
            data.fill((byte) 7);
            Thread reader =
                    Thread.ofVirtual()
                            .start(() -> {
                                List<Fd> taken = new ArrayList<>();
                                long sum = 0;
                                try {
                                    while (sum < data.byteSize()) {
                                        sum += pair.second().read(data, taken::add);
                                    }
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                                taken.forEach(Fd::close);
                                assertThat(taken).hasSize(1);
                            });
            assertThat(pair.first().write(data, file)).isEqualTo(3_000_000);
            reader.join();
            assertThat(pair.first().tryWrite(data, List.of(file), Duration.ZERO).orElseThrow())
                    .isBetween(1, 2_999_999);
            while (pair.first().tryWrite(data, Duration.ZERO).isPresent()) {
                // until it is full
            }
            assertThat(pair.first().tryWrite(data, List.of(file), Duration.ofMillis(30))).isEmpty();
        }
    }

    private static MemorySegment text(Arena arena, String text) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(UTF_8));
    }
}
