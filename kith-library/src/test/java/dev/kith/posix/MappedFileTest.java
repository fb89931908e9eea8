// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.CProgram;
import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.Denied;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.Python;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MappedFileTest {
    private static final String C_PEER =
            """
            #include <fcntl.h>
            #include <stdio.h>
            #include <string.h>
            #include <sys/mman.h>
            int main(int n, char **args) {
                int fd = open(args[1], O_RDWR);
                char *memory = mmap(NULL, 12, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
                printf("%.12s\\n", memory);
                memcpy(memory, "Hello from C", 12);
                return 0;
            }
            """;

    private static final String PYTHON_PEER =
            """
            import mmap, sys
            with open(sys.argv[1], 'r+b') as file, mmap.mmap(file.fileno(), 0) as memory:
                print(memory[:12].decode())
                memory[6:12] = b'Python'
            """;

    @TempDir Path directory;
    private Path path;

    @BeforeEach
    void name() {
        path = directory.resolve("data.txt");
    }

    @Test
    void shouldDoWhatTheTutorialDoes() throws Exception {
        try (MappedFile file = MappedFile.create(path, 12)) {
            file.write(0, bytes("Hello World!"));
            assertThatThrownBy(() -> file.write(4, bytes("Hello Again!")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "write beyond the end of mapped file %s: offset=4, length=12, size=12;"
                                    + " grow(16) makes room",
                            path);
            assertThat(Files.readString(path)).isEqualTo("Hello World!");
            file.grow(16);
            file.write(4, bytes("Hello Again!"));
            file.flush();
            assertThat(Files.readString(path)).isEqualTo("HellHello Again!");
        }
    }

    @Test
    void shouldBeMadeOfZerosForItsUserAlone() throws Exception {
        try (MappedFile file = MappedFile.create(path, 10_000)) {
            assertThat(file.read(0, 10_000)).containsOnly(0);
            assertThat(Files.size(path)).isEqualTo(10_000);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThat(file.name()).isEqualTo(path.toString());
        }
        assertThatThrownBy(() -> MappedFile.create(path, 1))
                .isInstanceOf(AlreadyExists.class)
                .hasMessage(
                        "open(\"%s\", O_CREAT|O_EXCL, 0600): EEXIST (File exists); open it with"
                                + " MappedFile.open",
                        path);
    }

    @Test
    void shouldMapARangeFromAnyOffset() throws Exception {
        Files.writeString(path, "0123456789".repeat(1000));
        try (MappedFile range = MappedFile.open(path, 4103, 10)) {
            assertThat(range.sizeBytes()).isEqualTo(10);
            assertThat(range.offset()).isEqualTo(4103);
            assertThat(range.read(0, 10)).isEqualTo(bytes("3456789012"));
            range.write(0, bytes("abc"));
            range.flush(0, 3);
            range.flush(10, 0);
            range.grow(12);
            assertThat(range.read(0, 12)).isEqualTo(bytes("abc678901234"));
        }
        assertThat(Files.size(path)).isEqualTo(10_000);
        assertThat(Files.readString(path).substring(4100, 4110)).isEqualTo("012abc6789");
        try (MappedFile end = MappedFile.openReadOnly(path, 9_995, 5)) {
            assertThat(end.read(0, 5)).isEqualTo(bytes("56789"));
        }
        for (List<Integer> wrong : List.of(List.of(9_995, 6), List.of(-1, 2), List.of(20_000, 1))) {
            assertThatThrownBy(() -> MappedFile.open(path, wrong.getFirst(), wrong.getLast()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "map beyond the end of %s: offset=%d, length=%d, size=10000",
                            path, wrong.getFirst(), wrong.getLast());
        }
        assertThatThrownBy(() -> MappedFile.open(path, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length=0, least=1");
    }

    @Test
    void shouldBeReadOnlyIfOpenedSo() throws Exception {
        Files.writeString(path, "text");
        try (MappedFile file = MappedFile.openReadOnly(path)) {
            assertThat(file.isReadOnly()).isTrue();
            assertThat(file.read(0, 4)).isEqualTo(bytes("text"));
            file.flush();
            assertThatThrownBy(() -> file.segment().set(JAVA_BYTE, 0, (byte) 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.write(0, bytes("T")))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageEndingWith("was opened read-only");
            assertThatThrownBy(() -> file.grow(10))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void shouldEndItsSegmentsWhenItGrowsOrIsClosed() {
        MappedFile file = MappedFile.create(path, 8);
        MemorySegment before = file.segment();
        file.grow(16);
        assertThatThrownBy(() -> before.get(JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
        MemorySegment after = file.segment();
        file.close();
        file.close();
        assertThatThrownBy(() -> after.get(JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(file::segment)
                .isInstanceOf(Closed.class)
                .hasMessage("mapped file " + path + " is closed");
        assertThatThrownBy(() -> file.grow(20)).isInstanceOf(Closed.class);
    }

    @Test
    void shouldGrowInAThreadThatIsInterrupted() {
        try (MappedFile file = MappedFile.create(path, 8)) {
            Thread.currentThread().interrupt();
            file.grow(16);
            assertThat(Thread.interrupted()).isTrue();
            file.grow(24);
            assertThat(file.sizeBytes()).isEqualTo(24);
        }
    }

    @Test
    void shouldNotShrinkNorGrowAnotherFile() throws Exception {
        try (MappedFile file = MappedFile.create(path, 8)) {
            assertThatThrownBy(() -> file.grow(7))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a mapped file does not shrink: sizeBytes=7, now=8");
            Files.move(path, directory.resolve("moved"));
            Files.writeString(path, "another");
            assertThatThrownBy(() -> file.grow(16))
                    .isInstanceOf(Broken.class)
                    .hasMessage(
                            "%s is another file now: the one that is mapped was removed or"
                                    + " replaced",
                            path);
            assertThat(Files.readString(path)).isEqualTo("another");
            file.write(0, bytes("12345678"));
        }
        assertThat(Files.readString(directory.resolve("moved"))).isEqualTo("12345678");
    }

    @Test
    void shouldKeepWhatAnotherHandleWroteBeyondItsEnd() {
        try (MappedFile first = MappedFile.create(path, 4);
                MappedFile second = MappedFile.open(path)) {
            first.grow(8);
            first.write(4, bytes("kept"));
            second.grow(8);
            assertThat(second.read(4, 4)).isEqualTo(bytes("kept"));
        }
    }

    @Test
    void shouldSayThatAnotherProcessTruncatedIt() throws Exception {
        try (MappedFile file = MappedFile.create(path, 100_000)) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(10);
            }
            assertThatThrownBy(() -> file.read(50_000, 10))
                    .isInstanceOf(Broken.class)
                    .hasMessage(
                            "read of mapped file %s: another process has truncated it:"
                                    + " offset=50000, length=10, size when mapped=100000",
                            path);
            assertThatThrownBy(() -> file.write(50_000, new byte[10])).isInstanceOf(Broken.class);
        }
    }

    @Test
    void shouldFailWhenItIsMadeIfTheDiskIsFull() {
        Path memory = Path.of("/dev/shm", "kith-" + ProcessHandle.current().pid() + "-full");
        assertThatThrownBy(() -> MappedFile.create(memory, 1L << 50))
                .isInstanceOf(IpcException.class)
                .hasMessageStartingWith(
                        "posix_fallocate(\""
                                + memory
                                + "\", 1125899906842624 bytes): ENOSPC (No space left on device);"
                                + " the disk has ");
        assertThat(memory).doesNotExist();
    }

    @Test
    void shouldMapAnEmptyFile() throws Exception {
        Files.createFile(path);
        try (MappedFile file = MappedFile.open(path)) {
            assertThat(file.sizeBytes()).isZero();
            file.flush();
            file.grow(4);
            file.write(0, bytes("full"));
        }
        assertThat(Files.readString(path)).isEqualTo("full");
    }

    @Test
    void shouldSayWhatToDo() throws Exception {
        assertThatThrownBy(() -> MappedFile.open(path))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "open(\"%s\", O_RDWR): ENOENT (No such file or directory); make it with"
                                + " MappedFile.create",
                        path);
        assertThatThrownBy(() -> MappedFile.create(directory.resolve("none/file"), 1))
                .isInstanceOf(NotFound.class)
                .hasMessageEndingWith("the directory must exist");
        assertThatThrownBy(() -> MappedFile.open(directory))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("EISDIR");
        assertThatThrownBy(() -> MappedFile.open(Path.of("/dev/null")))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> MappedFile.create(path, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sizeBytes=0, least=1");
    }

    @Test
    void shouldBeRemovedByItsName() {
        try (MappedFile file = MappedFile.openOrCreate(path, 10);
                MappedFile second = MappedFile.openOrCreate(path, 20)) {
            file.write(0, bytes("x"));
            assertThat(second.read(0, 1)).isEqualTo(bytes("x"));
            assertThat(second.sizeBytes()).isEqualTo(10);
            file.unlink();
            assertThat(path).doesNotExist();
            assertThatThrownBy(file::unlink).isInstanceOf(NotFound.class);
            second.write(0, bytes("y"));
            assertThat(file.read(0, 1)).isEqualTo(bytes("y"));
        }
    }

    @Test
    void shouldTravelByItsPath() throws Exception {
        Files.writeString(path, "0123456789");
        try (MappedFile range = MappedFile.openReadOnly(path, 2, 3);
                MappedFile arrived = Travel.travel(range)) {
            assertThat(arrived.read(0, 3)).isEqualTo(bytes("234"));
            assertThat(arrived.sizeBytes()).isEqualTo(3);
            assertThat(arrived.isReadOnly()).isTrue();
        }
    }

    @Test
    void shouldBeThatOfC() throws Exception {
        CProgram c = CProgram.compile(directory, C_PEER);
        try (MappedFile file = MappedFile.create(path, 12)) {
            file.write(0, bytes("Hello World!"));
            assertThat(c.run(path)).isEqualTo("Hello World!");
            assertThat(file.read(0, 12)).isEqualTo(bytes("Hello from C"));
        }
    }

    @Test
    void shouldBeThatOfPython() throws Exception {
        try (MappedFile file = MappedFile.create(path, 12)) {
            file.write(0, bytes("Hello World!"));
            assertThat(Python.run(PYTHON_PEER, path.toString())).isEqualTo("Hello World!\n");
            assertThat(file.read(0, 12)).isEqualTo(bytes("Hello Python"));
        }
    }

    @Test
    void shouldAddUpUnderALockAcrossProcessesOfWhichOneIsKilled() throws Exception {
        try (MappedFile file = MappedFile.create(path, 8);
                ChildJvm first = ChildJvm.start(Adder.class, path.toString(), "1000");
                ChildJvm second = ChildJvm.start(Adder.class, path.toString(), "1000");
                ChildJvm killed = ChildJvm.start(Adder.class, path.toString(), "-1")) {
            assertThat(killed.line()).isEqualTo("holding");
            killed.kill();
            assertThat(first.waitFor()).isZero();
            assertThat(second.waitFor()).isZero();
            assertThat(file.segment().get(JAVA_INT, 0)).isEqualTo(2000);
        }
    }

    @Test
    void shouldWorkWithoutNativeAccess() throws Exception {
        Process child =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--illegal-native-access=deny",
                                "-cp",
                                ChildJvm.classPath(),
                                WithoutNativeAccess.class.getName(),
                                path.toString())
                        .redirectErrorStream(true)
                        .start();
        assertThat(child.inputReader().lines().toList()).containsExactly("HellHello Again!");
        assertThat(child.waitFor()).isZero();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /**
     * Adds 1 to a counter in the file, so often as it is told; -1: holds the lock until it is
     * killed.
     */
    static final class Adder {
        private Adder() {}

        public static void main(String[] args) throws Exception {
            int times = Integer.parseInt(args[1]);
            try (MappedFile file = MappedFile.open(Path.of(args[0]));
                    FileLock lock = FileLock.of(file)) {
                if (times < 0) {
                    lock.lock();
                    System.out.println("holding");
                    Thread.sleep(60_000);
                }
                for (int i = 0; i < times; i++) {
                    lock.lock();
                    MemorySegment memory = file.segment();
                    memory.set(JAVA_INT, 0, memory.get(JAVA_INT, 0) + 1);
                    lock.unlock();
                }
            }
        }
    }

    /** Makes, grows and reads a file where no native function may be called. */
    static final class WithoutNativeAccess {
        private WithoutNativeAccess() {}

        public static void main(String[] args) throws Exception {
            try (MappedFile file = MappedFile.create(Path.of(args[0]), 12)) {
                file.write(0, bytes("Hello World!"));
                file.grow(16);
                file.write(4, bytes("Hello Again!"));
                System.out.println(Files.readString(Path.of(args[0])));
                try {
                    FileLock.of(file).lock();
                } catch (Denied expected) {
                    return;
                }
                System.out.println("a lock was taken without native access");
            }
        }
    }
}
