// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.memory.Regions;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LeavesNothingBehind
@Timeout(60)
class MemoryPoolTest {
    private static final int BLOCKS = 3;
    private static final int BYTES = 100_000;

    private final String name = Regions.name().name();
    private MemoryPool pool;

    @BeforeEach
    void create() {
        pool = MemoryPool.create(name, BLOCKS, BYTES);
    }

    @AfterEach
    void remove() {
        pool.unlink();
        pool.close();
    }

    @Test
    void shouldPassBlocksToAnotherProcess() throws Exception {
        int times = 2000;
        try (ChildJvm child = ChildJvm.start(PoolPeer.class, "pass", name, "" + times)) {
            for (int n = 0; n < times; n++) {
                long reference = Long.parseLong(child.line());
                try (PoolBlock block = pool.take(reference).orElseThrow()) {
                    assertThat(block.segment().byteSize()).isEqualTo(pool.blockBytes());
                    assertThat(block.segment().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) n);
                    assertThat(block.segment().get(ValueLayout.JAVA_BYTE, BYTES - 1L))
                            .isEqualTo((byte) n);
                }
                assertThat(pool.take(reference)).isEmpty();
            }
            assertThat(child.waitFor()).isZero();
        }
        assertThat(pool.available()).isEqualTo(BLOCKS);
    }

    @Test
    void shouldFreeWhatADeadProcessHeldAlone() throws Exception {
        PoolBlock mine = pool.allocate();
        PoolBlock second = pool.allocate();
        try (ChildJvm child = ChildJvm.start(PoolPeer.class, "hold", name, "" + mine.reference())) {
            long theirs = Long.parseLong(child.line());
            assertThat(pool.available()).isZero();
            assertThat(pool.tryAllocate()).isEmpty();
            assertThat(pool.tryAllocate(Duration.ofMillis(20))).isEmpty();
            Background waiting = Background.run(() -> pool.allocate());
            while (pool.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            child.kill();
            waiting.join();
            assertThat(pool.open(theirs)).isEmpty();
            mine.close(); // which the child held, too
            assertThat(pool.available()).isEqualTo(1);
            second.close();
        }
    }

    @Test
    void shouldLeaveNoBlockLostWhenAProcessDiesAtAnyStore() throws Exception {
        int points =
                EachPoint.die(
                        PoolPeer.class,
                        _ -> {},
                        _ -> new String[] {"steps", name},
                        point -> {
                            assertThat(pool.underWay()).isBetween(0, 1);
                            pool.reclaim();
                            assertThat(pool.available()).as("point %d", point).isEqualTo(BLOCKS);
                            List<PoolBlock> all = new ArrayList<>();
                            for (int n = 0; n < BLOCKS; n++) {
                                all.add(pool.tryAllocate().orElseThrow());
                            }
                            assertThat(pool.tryAllocate()).isEmpty();
                            all.forEach(PoolBlock::close);
                        });
        assertThat(points).isGreaterThan(12);
    }

    @Test
    void shouldKeepABlockUntilItsLastHolderLetsGo() throws Exception {
        PoolBlock block = pool.allocate();
        long reference = block.reference();
        try (MemoryPool other = MemoryPool.open(name)) {
            PoolBlock theirs = other.open(reference).orElseThrow();
            PoolBlock twice = other.open(reference).orElseThrow();
            block.close();
            block.close();
            theirs.close();
            assertThat(pool.available()).isEqualTo(BLOCKS - 1);
            twice.segment().set(ValueLayout.JAVA_INT, 0, 7);
            assertThat(twice.pass()).isEqualTo(reference);
            assertThatThrownBy(twice::pass).isInstanceOf(Closed.class);
            twice.close();
            assertThat(other.underWay()).isEqualTo(1);
        }
        try (PoolBlock taken = pool.take(reference).orElseThrow()) {
            assertThat(taken.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
            assertThat(pool.underWay()).isZero();
        }
        assertThat(pool.open(reference)).isEmpty();
        assertThat(pool.available()).isEqualTo(BLOCKS);
    }

    @Test
    void shouldGiveUpWhatAClosedHandleHeld() throws Exception {
        MemoryPool other = MemoryPool.open(name);
        PoolBlock held = other.allocate();
        other.allocate().pass();
        other.close();
        held.close();
        assertThat(pool.available()).isEqualTo(BLOCKS - 1);
        assertThat(pool.reclaim()).isEqualTo(1);
        assertThat(pool.available()).isEqualTo(BLOCKS);
        assertThatThrownBy(other::tryAllocate).isInstanceOf(Closed.class);
        assertThatThrownBy(other::allocate).isInstanceOf(Closed.class);
    }

    @Test
    void shouldWakeOneForEachBlock() throws Exception {
        List<PoolBlock> all = new ArrayList<>();
        for (int n = 0; n < BLOCKS; n++) {
            all.add(pool.allocate());
        }
        List<Background> waiting = new ArrayList<>();
        for (int n = 0; n < BLOCKS; n++) {
            waiting.add(Background.run(n % 2 == 0, () -> pool.allocate()));
        }
        while (pool.waiters().size() < BLOCKS) {
            Thread.sleep(1);
        }
        all.forEach(PoolBlock::close);
        for (Background each : waiting) {
            each.join();
        }
        assertThat(pool.available()).isZero();
    }

    @Test
    void shouldRefuseWhatIsNoReference() {
        assertThatThrownBy(() -> pool.take(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0x0 is no reference of a block of the pool shm:/" + name);
        long reference;
        try (PoolBlock block = pool.tryAllocate().orElseThrow()) {
            reference = block.reference();
        }
        assertThatThrownBy(() -> pool.open(reference + BLOCKS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(pool.open(reference)).isEqualTo(Optional.empty());
        assertThatThrownBy(() -> MemoryPool.create(name, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blocks=0");
        assertThatThrownBy(() -> MemoryPool.create(name, 1, -5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blockBytes=-5");
        assertThat(pool.blocks()).isEqualTo(BLOCKS);
        assertThat(pool.blockBytes()).isEqualTo(100_032);
        long own = Kind.own(pool.region().header().shape(), Kind.ENTRIES);
        pool.region().segment().set(ValueLayout.JAVA_INT, own + 4, 1 << 19);
        assertThatThrownBy(() -> MemoryPool.open(name))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("is no pool of this layout: blocks=" + (1 << 19));
    }
}
