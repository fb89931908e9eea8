// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.Peer;
import dev.kith.Python;
import dev.kith.memory.Regions;
import dev.kith.test.LeavesNothingBehind;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LeavesNothingBehind
@Timeout(60)
class SharedBlockTest {
    private static final String PYTHON =
            """
            import mmap, struct, sys
            with open('/dev/shm/' + sys.argv[1], 'r+b') as file:
                memory = mmap.mmap(file.fileno(), 0)
            at, = struct.unpack_from('=Q', memory, 32)
            size, = struct.unpack_from('=Q', memory, 8576)
            print(at, size, memory[at:at + 5].decode())
            memory[at:at + 5] = b'world'
            """;

    private final String name = Regions.name().name();

    @Test
    void shouldShowWhoUsesIt() throws Exception {
        try (SharedBlock block = SharedBlock.create(name, 100);
                ChildJvm child = ChildJvm.start(PoolPeer.class, "block", name)) {
            assertThat(child.line()).isEqualTo("open");
            assertThat(block.users())
                    .extracting(Peer::pid)
                    .containsExactly(ProcessHandle.current().pid(), child.pid());
            while (block.segment().get(ValueLayout.JAVA_BYTE, 99) == 0) {
                Thread.sleep(1);
            }
            assertThat(block.segment().get(ValueLayout.JAVA_BYTE, 99)).isEqualTo((byte) 42);
            child.kill();
            assertThat(block.users()).hasSize(1);
            assertThat(block.sizeBytes()).isEqualTo(100);
            block.unlink();
        }
    }

    @Test
    void shouldOutliveAllWhoUseIt() {
        SharedBlock.create(name, 0).close();
        SharedBlock.openReadOnly(name).close();
        assertThat(Path.of("/dev/shm", name)).exists();
        try (SharedBlock again = SharedBlock.open(name)) {
            assertThat(again.sizeBytes()).isZero();
            again.unlink();
        }
        assertThat(Files.exists(Path.of("/dev/shm", name))).isFalse();
    }

    @Test
    void shouldNotBeWrittenByOneThatOnlyReads() throws Exception {
        try (SharedBlock block = SharedBlock.create(name, 16);
                SharedBlock reader = SharedBlock.openReadOnly(name);
                SharedBlock copy = SharedObjectTest.copy(reader)) {
            block.segment().set(ValueLayout.JAVA_LONG, 8, 7);
            assertThat(reader.segment().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(7);
            assertThat(reader.isReadOnly()).isTrue();
            assertThat(copy.isReadOnly()).isTrue();
            assertThatThrownBy(() -> reader.segment().set(ValueLayout.JAVA_LONG, 8, 8))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(block.isReadOnly()).isFalse();
            block.unlink();
        }
    }

    @Test
    void shouldRefuseWhatIsNoLength() {
        assertThatThrownBy(() -> SharedBlock.create(name, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("block: bytes=-1");
        try (SharedBlock block = SharedBlock.create(name, 100)) {
            block.region().segment().set(ValueLayout.JAVA_LONG, 8576, 200L);
            assertThatThrownBy(() -> SharedBlock.open(name))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("length of the block: found=200, and room for 104");
            block.unlink();
        }
    }

    @Test
    void shouldBeReadAndWrittenByPython() throws Exception {
        try (SharedBlock block = SharedBlock.create(name, 100)) {
            block.segment().setString(0, "hello");
            assertThat(Python.run(PYTHON, name)).isEqualTo("8704 100 hello\n");
            assertThat(block.segment().getString(0)).isEqualTo("world");
            block.unlink();
        }
    }
}
