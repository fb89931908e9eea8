// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.CProgram;
import dev.kith.HasFd;
import dev.kith.IpcException;
import dev.kith.PeerDied;
import dev.kith.Python;
import dev.kith.linux.Fd;
import dev.kith.linux.UnixSocket;
import dev.kith.linux.UnixSocketPair;
import dev.kith.test.LeavesNothingBehind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that go from one descriptor to another without coming into this process. */
@Timeout(60)
@LeavesNothingBehind
class SpliceTest {
    private static final int BYTES = 300_000;

    @TempDir private Path folder;

    @Test
    void shouldMoveAFileIntoAPipeThatAnotherProgramReads() throws Exception {
        Path file = file();
        Fifo fifo = Fifo.create(folder.resolve("fifo"));
        Process reader =
                Python.start(
                        """
                        import hashlib, sys
                        print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest())
                        """,
                        fifo.name());
        long moved = 0;
        try (PipeWriter out = fifo.openForWriting();
                Fd in = Fd.open(file, StandardOpenOption.READ)) {
            for (long some; (some = out.spliceFrom(in, BYTES)) > 0; ) {
                moved += some;
            }
        }
        assertThat(moved).isEqualTo(BYTES);
        assertThat(reader.inputReader().readLine()).isEqualTo(sha256(file));
    }

    @Test
    void shouldMoveWhatAnotherProgramWritesIntoAFile() throws Exception {
        Path file = folder.resolve("copy");
        Fifo fifo = Fifo.create(folder.resolve("fifo"));
        CProgram program =
                CProgram.compile(
                        folder,
                        """
                        #include <fcntl.h>
                        #include <unistd.h>
                        int main(int n, char **names) {
                            int fd = open(names[1], O_WRONLY);
                            char byte = 'x';
                            for (int i = 0; i < 200000; i++) {
                                if (write(fd, &byte, 1) != 1) {
                                    return 1;
                                }
                            }
                            return 0;
                        }
                        """);
        Process writer = program.start(fifo.name());
        long moved = 0;
        try (PipeReader in = fifo.openForReading();
                Fd out = Fd.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (long some; (some = in.spliceTo(out, Long.MAX_VALUE)) > 0; ) {
                moved += some;
            }
            assertThat(out.position()).isEqualTo(200_000);
        }
        assertThat(writer.waitFor()).isZero();
        assertThat(moved).isEqualTo(200_000);
        assertThat(Files.readString(file)).isEqualTo("x".repeat(200_000));
    }

    @Test
    void shouldMoveBetweenAPipeAndASocket() throws Exception {
        try (Pipe pipe = Pipe.open();
                UnixSocketPair pair = UnixSocket.pair()) {
            pipe.writer().write(text("hello"));
            assertThat(pipe.reader().spliceTo(pair.first(), 100)).isEqualTo(5);
            assertThat(pipe.writer().spliceFrom(pair.second(), 4)).isEqualTo(4);
            assertThat(read(pipe.reader())).isEqualTo("hell");
            pair.first().close();
            assertThat(pipe.writer().spliceFrom(pair.second(), 4)).isEqualTo(1);
            assertThat(pipe.writer().spliceFrom(pair.second(), 4)).isZero();
        }
    }

    @Test
    void shouldLeaveWhatItCopiesToAnotherPipe() throws Exception {
        try (Pipe pipe = Pipe.open();
                Pipe copy = Pipe.open()) {
            pipe.writer().write(text("hello"));
            assertThat(pipe.reader().teeTo(copy.writer(), 4)).isEqualTo(4);
            assertThat(read(copy.reader())).isEqualTo("hell");
            assertThat(read(pipe.reader())).isEqualTo("hello");
            assertThat(pipe.reader().tryTeeTo(copy.writer(), 4, Duration.ZERO)).isEmpty();
            pipe.writer().close();
            assertThat(pipe.reader().teeTo(copy.writer(), 4)).isZero();
            assertThat(pipe.reader().trySpliceTo(copy.writer(), 4, Duration.ZERO))
                    .isEqualTo(OptionalLong.of(0));
        }
    }

    @Test
    void shouldTellThatTheReaderWasKilled() throws Exception {
        Fifo fifo = Fifo.create(folder.resolve("fifo"));
        Process reader =
                Python.start("import sys, time; open(sys.argv[1]); time.sleep(60)", fifo.name());
        try (Pipe pipe = Pipe.open();
                PipeWriter out = fifo.openForWriting()) {
            reader.destroyForcibly().waitFor();
            pipe.writer().write(text("hello"));
            assertThatThrownBy(() -> pipe.reader().spliceTo(out, 5))
                    .isInstanceOf(PeerDied.class)
                    .hasMessage(
                            "splice(reading end of a pipe, writing end of %s, 5): EPIPE (Broken"
                                    + " pipe); nobody reads it any more",
                            fifo.name());
            assertThat(read(pipe.reader())).isEqualTo("hello");
        }
    }

    @Test
    void shouldSayWithWhatItCannotBeDone() throws Exception {
        String advice =
                "): EINVAL (Invalid argument); not between the ends of one pipe, nor with a file"
                        + " that is opened to append, a queue, a terminal or an event: read and"
                        + " write there";
        try (Pipe pipe = Pipe.open();
                Fd append = Fd.open(file(), StandardOpenOption.APPEND);
                Fd readOnly = Fd.open(file(), StandardOpenOption.READ)) {
            pipe.writer().write(text("hello"));
            assertThatThrownBy(() -> pipe.reader().spliceTo(pipe.writer(), 5))
                    .isInstanceOf(IpcException.class)
                    .hasMessage("splice(reading end of a pipe, writing end of a pipe, 5" + advice);
            assertThatThrownBy(() -> pipe.reader().teeTo(pipe.writer(), 5))
                    .isInstanceOf(IpcException.class)
                    .hasMessage("tee(reading end of a pipe, writing end of a pipe, 5" + advice);
            assertThatThrownBy(() -> pipe.reader().spliceTo(append, 5))
                    .isInstanceOf(IpcException.class)
                    .hasMessageEndingWith(advice);
            assertThatThrownBy(() -> pipe.reader().spliceTo(readOnly, 5))
                    .isInstanceOf(IpcException.class)
                    .hasMessageEndingWith(
                            "EBADF (Bad file descriptor); the other side must be open to write");
            assertThatThrownBy(() -> pipe.reader().spliceTo(pipe.writer(), 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("count=0, least=1");
            assertThat(read(pipe.reader())).isEqualTo("hello");
        }
    }

    @Test
    void shouldRefuseAQueue() throws Exception {
        try (Pipe pipe = Pipe.open();
                MessageQueue queue = MessageQueue.create(2, 64)) {
            queue.unlink();
            queue.send(new byte[8], 0);
            HasFd from = queue;
            assertThatThrownBy(() -> pipe.writer().spliceFrom(from, 8))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("EINVAL (Invalid argument); not between");
        }
    }

    private Path file() throws Exception {
        byte[] bytes = new byte[BYTES];
        new Random(7).nextBytes(bytes);
        return Files.write(folder.resolve("file"), bytes);
    }

    private static String sha256(Path file) throws Exception {
        return Python.run(
                        "import hashlib, sys;"
                                + " print(hashlib.sha256(open(sys.argv[1], 'rb').read())"
                                + ".hexdigest())",
                        file.toString())
                .strip();
    }

    private static MemorySegment text(String text) {
        byte[] bytes = text.getBytes();
        return Arena.ofAuto().allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    }

    private static String read(PipeReader reader) throws InterruptedException {
        MemorySegment buffer = Arena.ofAuto().allocate(100);
        int length = reader.read(buffer);
        return new String(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }
}
