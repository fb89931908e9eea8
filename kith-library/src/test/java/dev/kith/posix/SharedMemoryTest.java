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
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.Python;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SharedMemoryTest {
    private static final String C_PEER =
            """
            #include <fcntl.h>
            #include <stdio.h>
            #include <string.h>
            #include <sys/mman.h>
            #include <unistd.h>
            int main(int n, char **args) {
                int make = !strcmp(args[1], "create");
                int fd = shm_open(args[2], make ? O_RDWR | O_CREAT | O_EXCL : O_RDWR, 0600);
                if (fd < 0 || (make && ftruncate(fd, 100))) { perror("shm_open"); return 1; }
                char *memory = mmap(NULL, 100, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
                printf("%s\\n", memory);
                strcpy(memory, "from C");
                return 0;
            }
            """;

    private static final String PYTHON_PEER =
            """
            import sys
            from multiprocessing import resource_tracker, shared_memory
            memory = shared_memory.SharedMemory(name=sys.argv[1], create=len(sys.argv) > 2, size=100)
            resource_tracker.unregister(memory._name, 'shared_memory')
            print(memory.size, bytes(memory.buf[:9]).decode().rstrip(chr(0)))
            memory.buf[:11] = b'from Python'
            memory.close()
            """;

    private final SharedMemory memory = SharedMemory.create(100);

    @AfterEach
    void remove() {
        memory.unlink();
        memory.close();
    }

    @Test
    void shouldBeZerosAndTheSameForAllWhoOpenIt() {
        assertThat(memory.read(0, 100)).containsOnly(0);
        try (SharedMemory second = SharedMemory.open(memory.name())) {
            second.segment().set(JAVA_INT, 96, 42);
            assertThat(memory.segment().get(JAVA_INT, 96)).isEqualTo(42);
            assertThat(second.sizeBytes()).isEqualTo(100);
            memory.write(3, bytes("hello"));
            assertThat(second.read(3, 5)).isEqualTo(bytes("hello"));
        }
    }

    @Test
    void shouldRefuseToReadOrWriteBeyondTheEnd() {
        assertThatThrownBy(() -> memory.write(95, bytes("too long")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "write beyond the end of shared memory %s: offset=95, length=8, size=100;"
                                + " resize(103) makes room",
                        memory.name());
        assertThatThrownBy(() -> memory.read(-1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("offset=-1, length=1, size=100");
        assertThatThrownBy(() -> memory.segment().get(JAVA_BYTE, 100))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldTellSizeOwnerAndMode() {
        FileStatus status = memory.status();
        assertThat(status.sizeBytes()).isEqualTo(100);
        assertThat(status.mode()).isEqualTo(0600);
        assertThat((long) status.uid()).isEqualTo(dev.kith.Peer.current().uid());
        assertThat(status.modified()).isNotNull();
        String name = memory.name() + "-mode";
        try (SharedMemory open = SharedMemory.create(name, 1, 0644)) {
            assertThat(open.status().mode()).isEqualTo(0644);
        } finally {
            SharedMemory.unlink(name);
        }
    }

    @Test
    void shouldBeReadOnlyIfOpenedSo() {
        memory.write(0, bytes("x"));
        try (SharedMemory readOnly = SharedMemory.openReadOnly(memory.name())) {
            assertThat(readOnly.isReadOnly()).isTrue();
            assertThat(readOnly.read(0, 1)).isEqualTo(bytes("x"));
            readOnly.populate();
            assertThatThrownBy(() -> readOnly.segment().set(JAVA_BYTE, 0, (byte) 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> readOnly.write(0, bytes("y")))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageEndingWith("was opened read-only");
            assertThatThrownBy(() -> readOnly.resize(10))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void shouldEndItsSegmentWhenItIsClosed() {
        SharedMemory second = SharedMemory.open(memory.name());
        MemorySegment segment = second.segment();
        second.close();
        second.close();
        assertThatThrownBy(() -> segment.get(JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(second::segment).isInstanceOf(Closed.class);
        assertThatThrownBy(second::status).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> second.resize(3)).isInstanceOf(Closed.class);
    }

    @Test
    void shouldBeClosedUnderAThreadThatUsesIt() throws Exception {
        SharedMemory second = SharedMemory.open(memory.name());
        MemorySegment segment = second.segment();
        BlockedCall<Integer> using =
                BlockedCall.start(() -> {
                    int sum = 0;
                    while (true) {
                        sum += segment.get(JAVA_BYTE, sum & 63);
                    }
                });
        second.close();
        assertThat(using.failure()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldGrowAndShrink() {
        memory.write(0, bytes("kept"));
        MemorySegment before = memory.segment();
        memory.resize(100_000);
        assertThat(memory.sizeBytes()).isEqualTo(100_000);
        assertThat(memory.read(0, 4)).isEqualTo(bytes("kept"));
        assertThat(memory.read(99_999, 1)).containsExactly(0);
        assertThatThrownBy(() -> before.get(JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
        memory.resize(2);
        assertThat(memory.status().sizeBytes()).isEqualTo(2);
        assertThat(memory.read(0, 2)).isEqualTo(bytes("ke"));
        assertThatThrownBy(() -> memory.resize(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sizeBytes=0, least=1");
    }

    @Test
    void shouldFailWhenItIsMadeIfThereIsNoRoom() {
        String name = memory.name() + "-big";
        assertThatThrownBy(() -> SharedMemory.create(name, 1L << 50))
                .isInstanceOf(IpcException.class)
                .hasMessageStartingWith(
                        "posix_fallocate(\""
                                + name
                                + "\", 1125899906842624): ENOSPC (No space left on device);"
                                + " /dev/shm has")
                .hasMessageContaining("mount -o remount");
        assertThatThrownBy(() -> SharedMemory.open(name)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> memory.resize(1L << 50)).hasMessageContaining("ENOSPC");
        assertThat(memory.sizeBytes()).isEqualTo(100);
        memory.write(0, bytes("still there"));
    }

    @Test
    void shouldReserveItsRoom() throws Exception {
        try (SharedMemory large = SharedMemory.create(1 << 20)) {
            Path file = Path.of("/dev/shm" + large.name());
            // 512-byte blocks, as stat(1) counts them.
            Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
            assertThat(Integer.parseInt(stat.inputReader().readLine())).isEqualTo(2048);
            large.populate();
            large.unlink();
        }
    }

    @Test
    void shouldSayThatAnotherProcessTruncatedIt() throws Exception {
        try (SharedMemory victim = SharedMemory.create(100_000)) {
            try (FileChannel file =
                    FileChannel.open(
                            Path.of("/dev/shm" + victim.name()), StandardOpenOption.WRITE)) {
                file.truncate(10);
            }
            victim.unlink();
            assertThatThrownBy(() -> victim.read(50_000, 10))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining(
                            "another process has truncated it: offset=50000, length=10");
            assertThatThrownBy(() -> victim.write(50_000, new byte[10])).isInstanceOf(Broken.class);
            assertThatThrownBy(victim::populate).isInstanceOf(Broken.class);
            assertThat(victim.status().sizeBytes()).isEqualTo(10);
        }
    }

    @Test
    void shouldOpenWhatItsMakerHasNotSizedYet() throws Exception {
        Path file = Path.of("/dev/shm" + memory.name() + "-empty");
        Files.createFile(file);
        try (SharedMemory empty = SharedMemory.open(memory.name() + "-empty")) {
            assertThat(empty.sizeBytes()).isZero();
            empty.populate();
            empty.resize(10);
            empty.write(0, bytes("0123456789"));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void shouldFollowNoSymbolicLink() throws Exception {
        Path link = Path.of("/dev/shm" + memory.name() + "-link");
        Files.createSymbolicLink(link, Path.of("/dev/shm" + memory.name()));
        try {
            assertThatThrownBy(() -> SharedMemory.open(memory.name() + "-link"))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("ELOOP")
                    .hasMessageEndingWith("a symbolic link is not followed");
            assertThatThrownBy(() -> SharedMemory.create(memory.name() + "-link", 1))
                    .isInstanceOf(AlreadyExists.class);
        } finally {
            Files.delete(link);
        }
    }

    @Test
    void shouldSayWhatToDo() {
        String name = memory.name();
        assertThatThrownBy(() -> SharedMemory.create(name, 1))
                .isInstanceOf(AlreadyExists.class)
                .hasMessage(
                        "shm_open(\"%s\", O_CREAT|O_EXCL, 0600): EEXIST (File exists); open it with"
                                + " SharedMemory.open, or remove it with: kith rm shm:%s",
                        name, name);
        assertThatThrownBy(() -> SharedMemory.open("/no-such"))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "shm_open(\"/no-such\", O_RDWR): ENOENT (No such file or directory); make"
                                + " it with SharedMemory.create");
        assertThatThrownBy(() -> SharedMemory.unlink("/no-such")).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> SharedMemory.open("/a/b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldBeMadeOnceByOpenOrCreate() {
        String name = memory.name() + "-twice";
        try (SharedMemory first = SharedMemory.openOrCreate(name, 10);
                SharedMemory second = SharedMemory.openOrCreate(name, 20)) {
            assertThat(second.sizeBytes()).isEqualTo(10);
            first.write(0, bytes("x"));
            assertThat(second.read(0, 1)).isEqualTo(bytes("x"));
        } finally {
            SharedMemory.unlink(name);
        }
    }

    @Test
    void shouldTravelByItsName() throws Exception {
        memory.write(0, bytes("x"));
        try (SharedMemory arrived = Travel.travel(memory);
                SharedMemory readOnly = SharedMemory.openReadOnly(memory.name());
                SharedMemory arrivedReadOnly = Travel.travel(readOnly)) {
            assertThat(arrived.read(0, 1)).isEqualTo(bytes("x"));
            assertThat(arrivedReadOnly.isReadOnly()).isTrue();
        }
    }

    @Test
    void shouldBeThatOfC(@TempDir Path directory) throws Exception {
        CProgram c = CProgram.compile(directory, C_PEER);
        memory.write(0, bytes("from Java\0"));
        assertThat(c.run("open", memory.name())).isEqualTo("from Java");
        assertThat(memory.segment().getString(0)).isEqualTo("from C");
        String made = memory.name() + "-c";
        c.run("create", made);
        try (SharedMemory ofC = SharedMemory.open(made)) {
            assertThat(ofC.sizeBytes()).isEqualTo(100);
            assertThat(ofC.segment().getString(0)).isEqualTo("from C");
        } finally {
            SharedMemory.unlink(made);
        }
    }

    @Test
    void shouldBeThatOfPython() throws Exception {
        memory.write(0, bytes("from Java"));
        String name = memory.name().substring(1);
        assertThat(Python.run(PYTHON_PEER, name)).isEqualTo("100 from Java\n");
        assertThat(memory.read(0, 11)).isEqualTo(bytes("from Python"));
        String made = name + "-py";
        Python.run(PYTHON_PEER, made, "create");
        try (SharedMemory ofPython = SharedMemory.open("/" + made)) {
            assertThat(ofPython.read(0, 11)).isEqualTo(bytes("from Python"));
        } finally {
            SharedMemory.unlink("/" + made);
        }
    }

    @Test
    void shouldKeepWhatAProcessWroteBeforeItWasKilled() throws Exception {
        try (ChildJvm child = ChildJvm.start(Writer.class, memory.name())) {
            assertThat(child.line()).isEqualTo("written");
            child.kill();
        }
        assertThat(memory.read(10, 5)).isEqualTo(bytes("child"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** Writes into the memory and waits to be killed. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws Exception {
            try (SharedMemory memory = SharedMemory.open(args[0])) {
                memory.write(10, bytes("child"));
                System.out.println("written");
                Thread.sleep(60_000);
            }
        }
    }
}
