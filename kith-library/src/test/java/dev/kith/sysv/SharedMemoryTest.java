// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.AlreadyExists;
import dev.kith.CProgram;
import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SharedMemoryTest {
    private static final int BYTES = 5000;

    @TempDir Path directory;
    private final SharedMemory memory = SharedMemory.create(BYTES);

    @AfterEach
    void remove() {
        memory.close();
        try {
            memory.unlink();
        } catch (NotFound already) {
            // by the test
        }
    }

    @Test
    void shouldShareWhatIsWritten() {
        try (SharedMemory other = SharedMemory.open(memory.key())) {
            MemorySegment mine = memory.attach();
            MemorySegment theirs = other.attach();
            assertThat(theirs.address()).isNotEqualTo(mine.address());
            assertThat(mine.byteSize()).isEqualTo(BYTES);
            assertThat(mine.toArray(JAVA_BYTE)).containsOnly(0);
            mine.set(JAVA_LONG, 0, 42);
            assertThat(theirs.get(JAVA_LONG, 0)).isEqualTo(42);
            assertThat(memory.segment()).isSameAs(mine);
            assertThatThrownBy(() -> mine.get(JAVA_BYTE, BYTES))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldReadAndWriteBytesWithinItsSize() {
        assertThatThrownBy(() -> memory.read(0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not attached");
        memory.attach();
        memory.write(BYTES - 2, new byte[] {7, 8});
        assertThat(memory.read(BYTES - 3, 3)).containsExactly(0, 7, 8);
        assertThatThrownBy(() -> memory.write(BYTES - 1, new byte[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "write beyond the end of sysvshm:%s: offset=4999, length=2, size=5000",
                        memory.name());
        assertThatThrownBy(() -> memory.read(-1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("offset=-1");
        memory.detach();
        memory.attach(AttachOption.READ_ONLY);
        assertThat(memory.read(BYTES - 1, 1)).containsExactly(8);
        assertThatThrownBy(() -> memory.write(0, new byte[1]))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("sysvshm:%s is attached read-only", memory.name());
    }

    @Test
    void shouldThrowAndNotCrashAfterDetachAndClose() {
        MemorySegment detached = memory.attach();
        assertThat(memory.isAttached()).isTrue();
        memory.detach();
        memory.detach();
        assertThat(memory.isAttached()).isFalse();
        assertThatThrownBy(() -> detached.get(JAVA_LONG, 0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> detached.set(JAVA_LONG, 0, 1))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(memory::segment)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("sysvshm:%s is not attached; attach() does that", memory.name());
        MemorySegment closed = memory.attach();
        memory.close();
        memory.close();
        assertThatThrownBy(() -> closed.fill((byte) 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(memory::attach)
                .isInstanceOf(Closed.class)
                .hasMessage("sysvshm:%s is closed", memory.name());
        assertThatThrownBy(memory::stat).isInstanceOf(Closed.class);
        assertThatThrownBy(memory::segment).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> memory.mode(0600)).isInstanceOf(Closed.class);
    }

    @Test
    void shouldThrowInAThreadThatIsReadingWhenAnotherCloses() throws Exception {
        MemorySegment segment = memory.attach();
        Call<Long> reading =
                Call.start(
                        false,
                        () -> {
                            for (long sum = 0; ; sum += segment.get(JAVA_LONG, 8)) {
                                Thread.onSpinWait();
                            }
                        });
        memory.close();
        assertThat(reading.failure()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRefuseAWriteToMemoryAttachedForReading() {
        MemorySegment segment = memory.attach(AttachOption.READ_ONLY);
        assertThat(segment.get(JAVA_LONG, 0)).isZero();
        assertThat(segment.isReadOnly()).isTrue();
        assertThatThrownBy(() -> segment.set(JAVA_LONG, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldAttachOnceAHandle() {
        long address = memory.attach().address();
        assertThatThrownBy(memory::attach)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "sysvshm:%s is attached already, at 0x%x; segment() is it, detach() ends"
                                + " it",
                        memory.name(), address);
    }

    @Test
    void shouldAttachAtAnAddress() {
        long address = memory.attach().address();
        memory.detach();
        assertThat(memory.attachAt(address).address()).isEqualTo(address);
        memory.detach();
        assertThat(memory.attachAt(address + 5, AttachOption.ROUND_ADDRESS).address())
                .isEqualTo(address);
        try (SharedMemory other = SharedMemory.open(memory.key())) {
            assertThatThrownBy(() -> other.attachAt(address))
                    .isInstanceOf(IpcException.class)
                    .hasMessage(
                            "shmat(%s, 0x%x, []): EINVAL (Invalid argument); the address is not of"
                                + " a page, or something else is there; let the kernel choose with"
                                + " attach()",
                            memory.name(), address);
            assertThatThrownBy(() -> other.attachAt(address + 5))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("the address is not of a page");
            assertThat(other.isAttached()).isFalse();
        }
    }

    @Test
    void shouldAttachForExecution() throws Exception {
        long address = memory.attach(AttachOption.EXECUTABLE).address();
        assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
                .anyMatch(line ->
                        line.startsWith(Long.toHexString(address)) && line.contains(" rwxs "));
    }

    @Test
    void shouldTellItsState() {
        MemoryStat fresh = memory.stat();
        assertThat(fresh.sizeBytes()).isEqualTo(BYTES);
        assertThat(fresh.attachments()).isZero();
        assertThat(fresh.creator()).isEqualTo(ProcessHandle.current().pid());
        assertThat(fresh.lastUser()).isZero();
        assertThat(fresh.lastAttach()).isEmpty();
        assertThat(fresh.lastDetach()).isEmpty();
        assertThat(fresh.permissions().mode()).isEqualTo(0600);
        assertThat(fresh.removed()).isFalse();
        memory.attach();
        try (SharedMemory other = SharedMemory.openId(memory.id())) {
            other.attach();
            assertThat(memory.stat().attachments()).isEqualTo(2);
        }
        MemoryStat used = memory.stat();
        assertThat(used.attachments()).isEqualTo(1);
        assertThat(used.lastUser()).isEqualTo(ProcessHandle.current().pid());
        assertThat(used.lastAttach()).isPresent();
        assertThat(used.lastDetach()).isPresent();
    }

    @Test
    void shouldStayForThoseWhoHaveItWhenRemoved() {
        MemorySegment segment = memory.attach();
        segment.set(JAVA_LONG, 0, 7);
        memory.unlink();
        assertThat(memory.stat().removed()).isTrue();
        assertThat(segment.get(JAVA_LONG, 0)).isEqualTo(7);
        assertThatThrownBy(() -> SharedMemory.open(memory.key()))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "shmget(%s, 0, 0): ENOENT (No such file or directory); create it with"
                                + " SharedMemory.create",
                        memory.name());
        memory.detach();
        assertThatThrownBy(memory::attach)
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "shmctl(%s, IPC_STAT): EINVAL (Invalid argument); the shared memory was"
                                + " removed",
                        memory.name());
    }

    @Test
    void shouldChangeItsModeAndOwner() {
        memory.mode(0640);
        Permissions permissions = memory.stat().permissions();
        assertThat(permissions.mode()).isEqualTo(0640);
        memory.owner(permissions.uid(), permissions.gid());
        assertThat(memory.stat().permissions()).isEqualTo(permissions);
    }

    @Test
    void shouldSayWhatIsWrongWithASize() {
        assertThatThrownBy(() -> SharedMemory.create(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bytes=0, lowest=1");
        assertThatThrownBy(() -> SharedMemory.openOrCreate(memory.key(), BYTES + 1))
                .isInstanceOf(IpcException.class)
                .hasMessage(
                        "shmget(%s, 5001, IPC_CREAT|0600): EINVAL (Invalid argument); there is one"
                                + " with fewer bytes, or more are asked for than"
                                + " /proc/sys/kernel/shmmax allows: %s",
                        memory.name(), Limits.read("shmmax"));
        assertThatThrownBy(() -> SharedMemory.create(memory.key(), 1))
                .isInstanceOf(AlreadyExists.class)
                .hasMessageContaining(
                        "open it with SharedMemory.open, or remove it with: kith rm sysvshm:");
        assertThatThrownBy(() -> SharedMemory.create(Key.PRIVATE, 1L << 62))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining(
                        "shmget(private, 4611686018427387904, IPC_CREAT|IPC_EXCL|0600): ");
        try (SharedMemory same = SharedMemory.openOrCreate(memory.key(), 10)) {
            assertThat(same.attach().byteSize()).isEqualTo(BYTES);
        }
    }

    @Test
    void shouldTakeNoSwapSpaceWhenAsked() {
        try (SharedMemory lazy =
                SharedMemory.create(Key.PRIVATE, 1L << 40, 0600, CreateOption.NO_RESERVE)) {
            lazy.unlink();
            assertThat(lazy).hasToString("sysvshm:id=" + lazy.id());
        }
    }

    @Test
    void shouldSayWhereHugePagesComeFrom() throws Exception {
        Path knob = Path.of("/proc/sys/vm/nr_hugepages");
        assumeTrue(
                Files.exists(knob) && Files.readString(knob).startsWith("0"),
                "a machine without huge pages cannot be made here");
        assertThatThrownBy(() ->
                        SharedMemory.create(Key.PRIVATE, 1 << 21, 0600, CreateOption.HUGE_PAGES))
                .isInstanceOf(IpcException.class)
                .hasMessageStartingWith(
                        "shmget(private, 2097152, SHM_HUGETLB|IPC_CREAT|IPC_EXCL|0600): ")
                .hasMessageFindingMatch("nr_hugepages|hugetlb_shm_group");
    }

    @Test
    void shouldShareWithC() throws Exception {
        CProgram program =
                CProgram.compile(
                        directory,
                        """
                        #include <stdio.h>
                        #include <stdlib.h>
                        #include <sys/shm.h>
                        int main(int n, char **argument) {
                            int id = shmget(strtoul(argument[1], NULL, 0), 0, 0);
                            long *numbers = shmat(id, NULL, 0);
                            if (numbers == (void *) -1) return 1;
                            printf("%ld", numbers[0]);
                            numbers[1] = numbers[0] + 1;
                            return 0;
                        }
                        """);
        MemorySegment segment = memory.attach();
        segment.set(JAVA_LONG, 0, 42);
        assertThat(program.run(memory.name())).isEqualTo("42");
        assertThat(segment.get(JAVA_LONG, 8)).isEqualTo(43);
    }

    @Test
    void shouldShareWithPython() throws Exception {
        MemorySegment segment = memory.attach();
        segment.setString(0, "from Java");
        String read =
                SysvPython.run(
                        """
                        import sys, sysv_ipc
                        memory = sysv_ipc.SharedMemory(int(sys.argv[1], 0))
                        print(memory.read(9).decode(), memory.size)
                        memory.write(b"from Python\\0", offset=100)
                        """,
                        memory.name());
        assertThat(read).isEqualTo("from Java " + BYTES);
        assertThat(segment.getString(100)).isEqualTo("from Python");
    }

    @Test
    void shouldOpenMemoryThatPythonMade() throws Exception {
        String key =
                SysvPython.run(
                        """
                        import sysv_ipc
                        memory = sysv_ipc.SharedMemory(None, sysv_ipc.IPC_CREX, size=4096)
                        memory.write(b"made by Python\\0")
                        print(memory.key)
                        """);
        try (SharedMemory made = SharedMemory.open(Key.parse(key))) {
            assertThat(made.attach(AttachOption.READ_ONLY).getString(0))
                    .isEqualTo("made by Python");
            made.unlink();
        }
    }

    @Test
    void shouldKeepWhatAKilledProcessWrote() throws Exception {
        MemorySegment segment = memory.attach();
        try (ChildJvm writer = ChildJvm.start(Writer.class, serialised())) {
            assertThat(writer.line()).isEqualTo("written");
            assertThat(memory.stat().attachments()).isEqualTo(2);
            writer.kill();
        }
        assertThat(memory.stat().attachments()).isEqualTo(1);
        assertThat(segment.get(JAVA_LONG, 16)).isEqualTo(99);
    }

    @Test
    void shouldPassItsMemoryToAFile() throws Exception {
        memory.attach().setString(0, "text");
        Path file = directory.resolve("file");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(memory.segment().asSlice(0, 4).asByteBuffer());
        }
        assertThat(file).hasContent("text");
    }

    private String serialised() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(memory);
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    /** Writes by a handle that came as bytes, and waits to be killed. */
    static final class Writer {
        public static void main(String[] arguments) throws Exception {
            byte[] bytes = HexFormat.of().parseHex(arguments[0]);
            SharedMemory memory =
                    (SharedMemory)
                            new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
            memory.attach().set(JAVA_LONG, 16, 99);
            System.out.println("written");
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
