// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.CProgram;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.PeerDied;
import dev.kith.Python;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FifoTest {
    @TempDir Path directory;

    @Test
    void shouldBePrivateAndUnique() throws Exception {
        Path path = directory.resolve("jobs");
        Fifo fifo = Fifo.create(path);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> Fifo.create(path))
                .isInstanceOf(AlreadyExists.class)
                .hasMessage(
                        "mkfifo(\""
                                + path
                                + "\", 0600): EEXIST (File exists); open it with Fifo.open, or"
                                + " remove it with: kith rm fifo:"
                                + path);
        assertThat(Fifo.openOrCreate(path).name()).isEqualTo(fifo.name());
        fifo.unlink();
        assertThatThrownBy(fifo::unlink).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> Fifo.open(path))
                .isInstanceOf(NotFound.class)
                .hasMessageContaining(
                        "ENOENT (No such file or directory); make it with: kith create fifo:"
                                + path);
    }

    @Test
    void shouldApplyTheModeWhateverTheUmask() throws Exception {
        Path path = directory.resolve("open");
        Fifo.create(path, 0666);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-rw-rw-");
    }

    @Test
    void shouldRefuseAFileThatIsNoFifo() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> Fifo.open(file))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("not a FIFO");
    }

    @Test
    void shouldReadWhatAShellWrites() throws Exception {
        Fifo fifo = Fifo.create(directory.resolve("jobs"));
        Process shell =
                new ProcessBuilder("sh", "-c", "echo from the shell > \"$0\"", fifo.name()).start();
        try (PipeReader reader = fifo.openForReading();
                var lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        reader.inputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("from the shell");
            assertThat(lines.readLine()).isNull();
        }
        assertThat(shell.waitFor()).isZero();
    }

    @Test
    void shouldWriteWhatPythonReads() throws Exception {
        Fifo fifo = Fifo.create(directory.resolve("jobs"));
        Process python =
                Python.start("import sys; print(open(sys.argv[1]).read(), end='')", fifo.name());
        try (PipeWriter writer = fifo.openForWriting()) {
            writer.outputStream().write("für Python\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("für Python\n");
        assertThat(python.waitFor()).isZero();
    }

    @Test
    void shouldTalkWithCInBothDirections() throws Exception {
        CProgram echo =
                CProgram.compile(
                        directory,
                        """
                        #include <fcntl.h>
                        #include <unistd.h>
                        int main(int n, char **names) {
                            char text[100];
                            int in = open(names[1], O_RDONLY), out = open(names[2], O_WRONLY);
                            ssize_t length;
                            while ((length = read(in, text, sizeof text)) > 0) {
                                write(out, "C: ", 3);
                                write(out, text, length);
                            }
                            return length < 0;
                        }
                        """);
        assertThat(echoed((there, back) -> echo.start(there.name(), back.name())))
                .isEqualTo("C: hello");
    }

    @Test
    void shouldTalkWithPythonInBothDirections() throws Exception {
        String echo =
                """
                import sys
                with open(sys.argv[1]) as there, open(sys.argv[2], 'w') as back:
                    back.write('Python: ' + there.read())
                """;
        assertThat(echoed((there, back) -> Python.start(echo, there.name(), back.name())))
                .isEqualTo("Python: hello");
    }

    /** A program that reads one FIFO and writes to another. */
    private interface Echo {
        Process start(Fifo there, Fifo back) throws Exception;
    }

    private String echoed(Echo echo) throws Exception {
        Fifo there = Fifo.create(directory.resolve("there"));
        Fifo back = Fifo.create(directory.resolve("back"));
        Process program = echo.start(there, back);
        String answer;
        try (PipeWriter writer = there.openForWriting();
                PipeReader reader = back.openForReading()) {
            writer.outputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            writer.close();
            answer = new String(reader.inputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(program.waitFor()).isZero();
        return answer;
    }

    @Test
    void shouldTellAWriterThatItsReaderWasKilled() throws Exception {
        Fifo fifo = Fifo.create(directory.resolve("jobs"));
        Process python =
                Python.start(
                        "import sys,time; f=open(sys.argv[1],'rb'); f.read(1);"
                                + " print('read',flush=True); time.sleep(60)",
                        fifo.name());
        try (PipeWriter writer = fifo.openForWriting();
                Arena arena = Arena.ofConfined()) {
            writer.write(arena.allocate(1));
            assertThat(python.inputReader().readLine()).isEqualTo("read");
            python.destroyForcibly().waitFor();
            assertThatThrownBy(() -> writer.write(arena.allocate(1))).isInstanceOf(PeerDied.class);
        }
    }

    @Test
    void shouldWaitForAReaderOnlyAsLongAsItIsTold() throws Exception {
        Fifo fifo = Fifo.create(directory.resolve("jobs"));
        assertThat(fifo.tryOpenForWriting()).isEmpty();
        long start = System.nanoTime();
        assertThat(fifo.tryOpenForWriting(Duration.ofMillis(60))).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60_000_000);
        Thread waiting = Thread.currentThread();
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        Thread.sleep(60);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    waiting.interrupt();
                });
        assertThatThrownBy(fifo::openForReading).isInstanceOf(InterruptedException.class);
        try (PipeReader reader = fifo.openForReadingNow();
                PipeWriter writer = fifo.tryOpenForWriting().orElseThrow()) {
            assertThat(reader.await(Duration.ofMillis(20))).isFalse();
            writer.close();
            assertThat(reader.await(Duration.ofMillis(20))).isTrue();
        }
    }
}
