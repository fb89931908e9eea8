// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.CProgram;
import dev.kith.Closed;
import dev.kith.Denied;
import dev.kith.IpcException;
import dev.kith.Python;
import dev.kith.blocking.Knob;
import dev.kith.process.Worker;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MemFdTest {
    @Test
    void shouldBeMemoryThatItsMappingsShare() {
        try (MemFd memory = MemFd.create("numbers", 10_000)) {
            assertThat(memory.name()).isEqualTo("numbers");
            assertThat(memory.sizeBytes()).isEqualTo(10_000);
            MemorySegment all = memory.map();
            MemorySegment part = memory.map(4096, 100);
            MemorySegment readOnly = memory.mapReadOnly(4096, 8);
            assertThat(all.byteSize()).isEqualTo(10_000);
            assertThat(all.get(JAVA_LONG, 4096)).isZero();
            part.set(JAVA_LONG, 0, 42);
            assertThat(all.get(JAVA_LONG, 4096)).isEqualTo(42);
            assertThat(readOnly.get(JAVA_LONG, 0)).isEqualTo(42);
            assertThat(readOnly.isReadOnly()).isTrue();
            assertThat(memory.map(0, 0).byteSize()).isZero();
            memory.unmap();
            assertThatThrownBy(() -> all.get(JAVA_LONG, 0))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(memory.map().get(JAVA_LONG, 4096)).isEqualTo(42);
        }
    }

    @Test
    void shouldEndItsSegmentsWhenItIsClosed() {
        MemFd memory = MemFd.create("", 8);
        MemorySegment segment = memory.map();
        memory.close();
        memory.close();
        assertThatThrownBy(() -> segment.get(JAVA_LONG, 0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(memory::map).isInstanceOf(Closed.class);
        assertThatThrownBy(memory::seals).isInstanceOf(Closed.class);
    }

    @Test
    void shouldRefuseWhatIsNoPartOfIt() {
        try (MemFd memory = MemFd.create("m", 8192)) {
            long[][] wrong = {{-4096, 1}, {0, -1}, {0, 8193}, {4096, 4097}, {100, 1}};
            for (long[] range : wrong) {
                assertThatThrownBy(() -> memory.map(range[0], range[1]))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(
                                "no part of memfd m: offset="
                                        + range[0]
                                        + " (a multiple of 4096), length="
                                        + range[1]
                                        + ", size=8192");
            }
            assertThatThrownBy(() -> memory.resize(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("sizeBytes=0, least=1");
        }
        assertThatThrownBy(() -> MemFd.create("x".repeat(250), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("must be at most 249 bytes, none of them zero");
        assertThatThrownBy(() -> MemFd.create("a\0b", 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MemFd.create("m", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sizeBytes=0, least=1");
    }

    @Test
    void shouldGrowUnderItsSegmentsAndEndThemWhenItShrinks() {
        try (MemFd memory = MemFd.create("m", 4096)) {
            MemorySegment before = memory.map();
            before.set(JAVA_LONG, 0, 5);
            memory.resize(8192);
            assertThat(before.get(JAVA_LONG, 0)).isEqualTo(5);
            assertThat(memory.map().byteSize()).isEqualTo(8192);
            memory.resize(100);
            assertThat(memory.sizeBytes()).isEqualTo(100);
            assertThatThrownBy(() -> before.get(JAVA_LONG, 0))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void shouldDoNoMoreWhatIsSealed() {
        try (MemFd memory = MemFd.create("m", 4096)) {
            // A machine may have set EXEC from the beginning.
            assertThat(memory.seals()).doesNotContain(Seal.SEAL, Seal.WRITE);
            MemorySegment segment = memory.map();
            memory.seal(Seal.SHRINK, Seal.GROW);
            assertThat(memory.seals()).contains(Seal.SHRINK, Seal.GROW);
            assertThatThrownBy(() -> memory.resize(1))
                    .isInstanceOf(Denied.class)
                    .hasMessage(
                            "ftruncate(memfd m, 1): EPERM (Operation not permitted);"
                                    + " it is sealed against shrinking");
            segment.set(JAVA_LONG, 0, 7);
            assertThatThrownBy(() -> memory.resize(5000))
                    .isInstanceOf(Denied.class)
                    .hasMessage(
                            "posix_fallocate(\"m\", 5000): EPERM (Operation not permitted);"
                                    + " it is sealed against growing");
            assertThatThrownBy(() -> memory.seal(Seal.WRITE))
                    .isInstanceOf(IpcException.class)
                    .hasMessage(
                            "fcntl(memfd m, F_ADD_SEALS, [WRITE]): EBUSY (Device or resource busy);"
                                    + " somebody has it mapped to write: unmap() here, and in every"
                                    + " process that has it");
            memory.unmap();
            memory.seal(Seal.WRITE, Seal.SEAL);
            assertThatThrownBy(memory::map)
                    .isInstanceOf(Denied.class)
                    .hasMessage(
                            "mmap(memfd m, 0, 4096): EPERM (Operation not permitted);"
                                    + " it is sealed against writing: mapReadOnly()");
            assertThat(memory.mapReadOnly().get(JAVA_LONG, 0)).isEqualTo(7);
            assertThatThrownBy(() -> memory.seal(Seal.FUTURE_WRITE))
                    .isInstanceOf(Denied.class)
                    .hasMessageContaining("F_ADD_SEALS, [FUTURE_WRITE]): EPERM")
                    .hasMessageContaining("sealed are [SEAL, SHRINK, GROW, WRITE")
                    .hasMessageEndingWith("it takes no more");
        }
    }

    @Test
    void shouldLetThoseWriteOnWhoHaveItMapped() {
        try (MemFd memory = MemFd.create("m", 8)) {
            MemorySegment mine = memory.map();
            memory.seal(Seal.FUTURE_WRITE);
            mine.set(JAVA_LONG, 0, 9);
            assertThat(memory.mapReadOnly().get(JAVA_LONG, 0)).isEqualTo(9);
            assertThatThrownBy(memory::map).isInstanceOf(Denied.class);
        }
    }

    @Test
    void shouldNotBeSealedIfItIsMadeSo() {
        assumeFalse(Knob.read("vm/memfd_noexec").equals("2"), "every memfd is sealable here");
        try (MemFd memory = MemFd.create("m", 8, MemFd.Option.UNSEALABLE)) {
            assertThat(memory.seals()).contains(Seal.SEAL);
            assertThatThrownBy(() -> memory.seal(Seal.GROW)).isInstanceOf(Denied.class);
        }
    }

    @Test
    void shouldBePassedOnToReadOnly() throws Exception {
        try (MemFd memory = MemFd.create("secret", 8);
                MemFd copy = MemFd.own(Fd.open(memory.path()))) {
            memory.map().set(JAVA_LONG, 0, 3);
            assertThat(copy.name()).isEqualTo("secret");
            assertThat(copy.mapReadOnly().get(JAVA_LONG, 0)).isEqualTo(3);
            assertThatThrownBy(copy::map)
                    .isInstanceOf(Denied.class)
                    .hasMessageEndingWith("the descriptor is open to read only: mapReadOnly()");
            assertThatThrownBy(() -> copy.seal(Seal.SHRINK)).isInstanceOf(Denied.class);
        }
    }

    @Test
    void shouldTakeOverADescriptorOfItsKindOnly() {
        try (EventFd counter = EventFd.create();
                Fd other = Fd.of(counter)) {
            assertThatThrownBy(() -> MemFd.own(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith(" is no memfd: it is anon_inode:[eventfd]");
        }
    }

    @Test
    void shouldConsistOfHugePagesIfThereAreSome() {
        assertThatThrownBy(() -> MemFd.create("huge", 4096, MemFd.Option.HUGE_PAGES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sizeBytes=4096 is no multiple of a huge page, ");
        long size = MemFdOpening.hugePageBytes();
        assumeTrue(
                Knob.number("vm/nr_hugepages", 0) > 0,
                "huge pages are not reserved, and cannot be made here");
        try (MemFd memory = MemFd.create("huge", size, MemFd.Option.HUGE_PAGES)) {
            memory.map().set(JAVA_LONG, size - 8, 1);
            assertThatThrownBy(() -> memory.map(0, 4096))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(a multiple of " + size + "), length=4096 (the same)");
            try (MemFd copy = MemFd.own(Fd.of(memory))) {
                assertThat(copy.mapReadOnly().get(JAVA_LONG, size - 8)).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldNameTheKnobWhenNoHugePagesAreReserved() {
        assumeTrue(
                Knob.number("vm/nr_hugepages", 1) == 0,
                "huge pages are reserved; a machine without cannot be made here");
        long size = MemFdOpening.hugePageBytes();
        assertThatThrownBy(() -> MemFd.create("huge", size, MemFd.Option.HUGE_PAGES))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("too few huge pages are free: /proc/sys/vm/nr_hugepages is 0")
                .hasMessageEndingWith("as root: sysctl vm.nr_hugepages=16");
    }

    @Test
    void shouldBeSharedWithACProgramThatIsKilled(@TempDir Path directory) throws Exception {
        CProgram program =
                CProgram.compile(
                        directory,
                        """
                        #define _GNU_SOURCE
                        #include <errno.h>
                        #include <fcntl.h>
                        #include <stdio.h>
                        #include <sys/mman.h>
                        #include <unistd.h>
                        int main(int argc, char **argv) {
                            int given = open(argv[1], O_RDWR);
                            int *number = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, given, 0);
                            number[1] = number[0] + 1;
                            int cut = ftruncate(given, 1);
                            printf("%d %d\\n", cut == -1 && errno == EPERM, fcntl(given, F_GET_SEALS) & 2);
                            int mine = memfd_create("of C", MFD_ALLOW_SEALING);
                            ftruncate(mine, 4096);
                            write(mine, number, 8);
                            fcntl(mine, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE);
                            printf("%d\\n", mine);
                            fflush(stdout);
                            pause();
                        }
                        """);
        try (MemFd memory = MemFd.create("of Java", 4096)) {
            MemorySegment segment = memory.map();
            segment.set(JAVA_INT, 0, 41);
            memory.seal(Seal.SHRINK);
            Process other = program.start(memory.path());
            try {
                assertThat(other.inputReader().readLine()).isEqualTo("1 2");
                assertThat(segment.get(JAVA_INT, 4)).isEqualTo(42);
                String number = other.inputReader().readLine();
                Path there = Path.of("/proc/" + other.pid() + "/fd/" + number);
                try (MemFd theirs = MemFd.own(Fd.open(there, READ, WRITE))) {
                    assertThat(theirs.name()).isEqualTo("of C");
                    assertThat(theirs.seals()).contains(Seal.SHRINK, Seal.WRITE);
                    MemorySegment read = theirs.mapReadOnly();
                    other.destroyForcibly().waitFor();
                    assertThat(read.get(JAVA_INT, 4)).isEqualTo(42);
                    assertThatThrownBy(theirs::map).isInstanceOf(Denied.class);
                }
            } finally {
                other.destroyForcibly().waitFor();
            }
            assertThat(segment.get(JAVA_INT, 4)).isEqualTo(42);
        }
    }

    @Test
    void shouldBeSharedWithAPythonProgram() throws Exception {
        MemFd memory = MemFd.create("of Java", 4096);
        memory.map().set(JAVA_LONG, 0, 21);
        Process python =
                Python.start(
                        """
                        import mmap, os, struct, sys
                        theirs = mmap.mmap(os.open(sys.argv[1], os.O_RDWR), 4096)
                        mine = os.memfd_create('of Python', os.MFD_ALLOW_SEALING)
                        os.ftruncate(mine, 4096)
                        memory = mmap.mmap(mine, 4096)
                        memory[:8] = struct.pack('<q', struct.unpack('<q', theirs[:8])[0] * 2)
                        print(mine, flush=True)
                        input()
                        """,
                        memory.path().toString());
        try (PidFd process = PidFd.open(python.pid())) {
            int there = Integer.parseInt(python.inputReader().readLine());
            try (MemFd theirs = MemFd.own(process.duplicate(there))) {
                assertThat(theirs.name()).isEqualTo("of Python");
                assertThat(theirs.map().get(JAVA_LONG, 0)).isEqualTo(42);
                // Python has it mapped to write.
                assertThatThrownBy(() -> theirs.seal(Seal.WRITE))
                        .hasMessageContaining("EBUSY")
                        .hasMessageContaining("in every process that has it");
            }
        } finally {
            python.destroyForcibly().waitFor();
            memory.close();
        }
    }

    @Test
    void shouldBeHandedOverToAChild() throws Exception {
        MemFd memory = MemFd.create("m", 4096, MemFd.Option.UNSEALABLE);
        MemorySegment mine = memory.map();
        try (MemFd kept = MemFd.own(Fd.of(memory)).keep();
                Worker child = Worker.start()) {
            child.run(() -> {
                memory.map().set(JAVA_LONG, 0, 1);
                kept.map().set(JAVA_LONG, 8, 2);
            });
            // What was mapped stays; the handle is the child's.
            assertThat(mine.get(JAVA_LONG, 0)).isEqualTo(1);
            assertThat(kept.map().get(JAVA_LONG, 8)).isEqualTo(2);
            assertThatThrownBy(memory::sizeBytes).isInstanceOf(Closed.class);
            memory.close();
            assertThatThrownBy(() -> mine.get(JAVA_LONG, 0))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void shouldNotTravelWhereNoDescriptorCan() {
        try (MemFd memory = MemFd.create("m", 1)) {
            assertThatThrownBy(() ->
                            new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(memory))
                    .isInstanceOf(NotSerializableException.class)
                    .hasMessageContaining("memfd m has no name");
        }
    }
}
