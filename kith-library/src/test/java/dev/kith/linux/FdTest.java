// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.AlreadyExists;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.PeerDied;
import dev.kith.posix.Fifo;
import dev.kith.posix.Pipe;
import dev.kith.process.Worker;
import dev.kith.test.Background;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FdTest {
    @TempDir Path directory;

    @Test
    void shouldReadAndWriteAFileInOrderAndAtAPosition() throws Exception {
        Path path = directory.resolve("a");
        try (Fd file = Fd.open(path, READ, WRITE, CREATE_NEW);
                Arena arena = Arena.ofConfined()) {
            assertThat(file.write(bytes(arena, "hello world"))).isEqualTo(11);
            assertThat(file.position()).isEqualTo(11);
            assertThat(file.sizeBytes()).isEqualTo(11);
            assertThat(file.write(bytes(arena, "W"), 6)).isEqualTo(1);
            MemorySegment buffer = arena.allocate(100);
            assertThat(file.read(buffer, 6)).isEqualTo(5);
            assertThat(text(buffer, 5)).isEqualTo("World");
            file.position(0);
            assertThat(file.tryRead(buffer, Duration.ZERO)).hasValue(11);
            assertThat(file.read(buffer)).isZero();
            assertThat(file.isReady()).isTrue();
            assertThat(file.target()).isEqualTo(path.toRealPath().toString());
            assertThat(Files.getPosixFilePermissions(path))
                    .extracting(Enum::name)
                    .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE");
            assertThatThrownBy(() -> file.read(buffer, -1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("position=-1, least=0");
        }
    }

    @Test
    void shouldOpenAsTheOptionsSay() throws Exception {
        Path path = Files.writeString(directory.resolve("a"), "12");
        try (Arena arena = Arena.ofConfined()) {
            try (Fd end = Fd.open(path, APPEND, CREATE)) {
                end.write(bytes(arena, "3"));
            }
            assertThat(path).hasContent("123");
            try (Fd empty = Fd.open(path, WRITE, TRUNCATE_EXISTING)) {
                assertThat(empty.sizeBytes()).isZero();
                assertThatThrownBy(() -> empty.read(arena.allocate(1)))
                        .isInstanceOf(IpcException.class)
                        .hasMessageContaining("EBADF")
                        .hasMessageEndingWith("; it was not opened to read");
            }
        }
    }

    @Test
    void shouldSayWhyAPathIsNotOpened() throws Exception {
        Path path = Files.writeString(directory.resolve("a"), "");
        Path link = Files.createSymbolicLink(directory.resolve("link"), path);
        Path fifo = directory.resolve("fifo");
        Fifo.create(fifo);
        assertThatThrownBy(() -> Fd.open(directory.resolve("no"), WRITE))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "open(\""
                                + directory.resolve("no")
                                + "\", O_WRONLY): ENOENT (No such file or directory);"
                                + " add the option CREATE to make it");
        assertThatThrownBy(() -> Fd.open(path, WRITE, CREATE_NEW))
                .isInstanceOf(AlreadyExists.class)
                .hasMessageContaining("leave CREATE_NEW out");
        assertThatThrownBy(() -> Fd.open(link, LinkOption.NOFOLLOW_LINKS))
                .hasMessageContaining("O_RDONLY|O_NOFOLLOW): ELOOP")
                .hasMessageEndingWith("follows no symbolic link");
        assertThatThrownBy(() -> Fd.open(directory, WRITE))
                .hasMessageEndingWith("a directory is opened with the option READ alone");
        assertThatThrownBy(() -> Fd.open(fifo, WRITE))
                .isInstanceOf(NotFound.class)
                .hasMessageEndingWith("Fifo.openForWriting waits for a reader");
        assertThatThrownBy(() -> Fd.open(path, DELETE_ON_CLOSE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown option DELETE_ON_CLOSE; known are NOFOLLOW_LINKS");
        assertThatThrownBy(() -> Fd.open(path, TRUNCATE_EXISTING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("TRUNCATE_EXISTING needs WRITE");
        assertThatThrownBy(() -> Fd.own(999_999))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("fd=999999 is no open descriptor of this process; see /proc/self/fd");
    }

    @Test
    void shouldBeADuplicateThatOutlivesTheHandle() throws Exception {
        try (Pipe pipe = Pipe.open();
                Arena arena = Arena.ofConfined();
                Fd writer = Fd.of(pipe.writer())) {
            pipe.writer().close();
            writer.write(bytes(arena, "abc"));
            assertThat(writer.target()).startsWith("pipe:[");
            assertThatThrownBy(writer::position)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageMatching(
                            "fd \\d+: does not seek at a position \\(pipe:\\[\\d+\\]\\)");
            assertThatThrownBy(() -> writer.write(bytes(arena, "x"), 7))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("does not write at a position");
            assertThat(pipe.reader().read(arena.allocate(9))).isEqualTo(3);
            writer.close();
            assertThat(pipe.reader().read(arena.allocate(9))).isZero();
        }
    }

    @Test
    void shouldGiveUpOwnership() throws Exception {
        Pipe pipe = Pipe.open();
        Fd reader = Fd.of(pipe.reader());
        pipe.reader().close();
        int number = reader.release();
        assertThatThrownBy(reader::fd).isInstanceOf(Closed.class);
        assertThatThrownBy(reader::release).isInstanceOf(Closed.class);
        try (Fd again = Fd.own(number);
                Arena arena = Arena.ofConfined()) {
            pipe.writer().write(bytes(arena, "abc"));
            assertThat(again.read(arena.allocate(9))).isEqualTo(3);
        }
        try (Arena arena = Arena.ofConfined();
                Fd writer = Fd.of(pipe.writer())) {
            pipe.close();
            assertThatThrownBy(() -> writer.write(arena.allocate(1)))
                    .isInstanceOf(PeerDied.class)
                    .hasMessageContaining("EPIPE");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepTheTimeAlsoWhenAnotherReaderIsFaster(boolean virtual) throws Exception {
        try (Pipe pipe = Pipe.open();
                Fd reader = Fd.of(pipe.reader());
                Fd writer = Fd.of(pipe.writer())) {
            assertThat(contend(virtual, reader, writer)).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepTheTimeWhereTheKernelReadsNothingWithoutWaiting(boolean virtual)
            throws Exception {
        Path terminals = Path.of("/dev/ptmx");
        assumeTrue(Files.isWritable(terminals), "no terminals can be made here");
        // What is written to a terminal comes back as its echo; it does not know RWF_NOWAIT.
        try (Fd terminal = Fd.open(terminals, READ, WRITE)) {
            assertThat(contend(virtual, terminal, terminal)).isEqualTo(100);
        }
    }

    /** Two that read for a short time again and again, one that writes: how much was read. */
    private static int contend(boolean virtual, Fd reader, Fd writer) throws Exception {
        try (Fd other = Fd.of(reader);
                Arena arena = Arena.ofConfined()) {
            AtomicInteger got = new AtomicInteger();
            Background.Step reads =
                    () -> {
                        MemorySegment buffer = Arena.ofAuto().allocate(1);
                        for (int i = 0; i < 200; i++) {
                            Fd fd = (i & 1) == 0 ? reader : other;
                            got.addAndGet(fd.tryRead(buffer, Duration.ofMillis(1)).orElse(0));
                        }
                    };
            Background first = Background.run(virtual, reads);
            Background second = Background.run(virtual, reads);
            for (int i = 0; i < 100; i++) {
                writer.write(bytes(arena, "x"));
                Thread.sleep(0, 500_000);
            }
            first.join();
            second.join();
            while (reader.tryRead(arena.allocate(1), Duration.ZERO).orElse(0) == 1) {
                got.incrementAndGet();
            }
            return got.get();
        }
    }

    @Test
    void shouldTellWhenItIsReady() throws Exception {
        try (Pipe pipe = Pipe.open();
                Fd reader = Fd.of(pipe.reader());
                Arena arena = Arena.ofConfined()) {
            var woken = new java.util.concurrent.CountDownLatch(1);
            assertThat(reader.isReady()).isFalse();
            try (var request = reader.whenReady(woken::countDown)) {
                assertThat(request).isNotNull();
                pipe.writer().write(arena.allocate(1));
                woken.await();
            }
            assertThat(reader.isReady()).isTrue();
        }
    }

    @Test
    void shouldBeStreams() throws Exception {
        Path path = directory.resolve("a");
        try (var out = Fd.open(path, WRITE, CREATE).outputStream()) {
            out.write("0123456789".repeat(5000).getBytes(StandardCharsets.US_ASCII));
        }
        try (var in = Fd.open(path).inputStream()) {
            assertThat(in.readAllBytes()).hasSize(50_000);
        }
    }

    @Test
    void shouldBeHandedOverToAChild() throws Exception {
        Path path = directory.resolve("a");
        Fd file = Fd.open(path, READ, WRITE, CREATE);
        try (Arena arena = Arena.ofConfined()) {
            file.write(bytes(arena, "parent "));
        }
        try (Worker child = Worker.start()) {
            child.run(() -> {
                try (var out = file.outputStream()) {
                    out.write("child".getBytes(StandardCharsets.US_ASCII));
                }
            });
        }
        assertThat(path).hasContent("parent child");
        assertThatThrownBy(file::position).isInstanceOf(Closed.class);
    }

    @Test
    void shouldKeepItsCopyWhenAsked() throws Exception {
        try (Fd file = Fd.open(directory.resolve("a"), READ, WRITE, CREATE).keep();
                Worker child = Worker.start()) {
            child.run(() -> {
                try (var out = file.outputStream()) {
                    out.write(1);
                }
            });
            assertThat(file.position()).isEqualTo(1);
        }
    }

    @Test
    void shouldNotTravelWhereNoDescriptorCan() {
        try (Fd file = Fd.open(directory)) {
            assertThatThrownBy(() ->
                            new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(file))
                    .isInstanceOf(NotSerializableException.class)
                    .hasMessageContaining("capture it in a task for Worker.start");
        }
    }

    private static MemorySegment bytes(Arena arena, String text) {
        return arena.allocateFrom(JAVA_BYTE, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(MemorySegment buffer, int length) {
        return new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.US_ASCII);
    }
}
