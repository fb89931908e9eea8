// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.Python;
import dev.kith.memory.Regions;
import dev.kith.test.LeavesNothingBehind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LeavesNothingBehind
@Timeout(60)
class SharedValueTest {
    private static final int TIMES = 1_000_000;
    private static final int PROCESSES = 4;

    /** Reads a value, prints it, and writes the one that follows. */
    private static final String PYTHON =
            """
            import mmap, struct, sys
            with open('/dev/shm/' + sys.argv[1], 'r+b') as file:
                memory = mmap.mmap(file.fileno(), 0)
            at, = struct.unpack_from('=Q', memory, 32)
            value, = struct.unpack_from(sys.argv[2], memory, at)
            print(at, value)
            struct.pack_into(sys.argv[2], memory, at, value + 1)
            """;

    private final String name = Regions.name().name();

    @Test
    void shouldCountExactlyWhatFourProcessesAdd() throws Exception {
        try (SharedLong value = SharedLong.create(name, 0)) {
            List<ChildJvm> children = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                children.add(ChildJvm.start(ValuePeer.class, "add", name, "" + TIMES));
            }
            for (ChildJvm child : children) {
                assertThat(child.waitFor()).isZero();
            }
            assertThat(value.get()).isEqualTo((long) PROCESSES * TIMES);
            value.unlink();
        }
    }

    @Test
    void shouldStayAsItWasLeftByOneThatWasKilled() throws Exception {
        try (SharedLong value = SharedLong.create(name, 0)) {
            ChildJvm child = ChildJvm.start(ValuePeer.class, "add", name, "" + Integer.MAX_VALUE);
            assertThat(child.line()).isEqualTo("ready");
            while (value.get() < TIMES) {
                value.getAndAdd(1);
            }
            child.kill();
            long left = value.get();
            assertThat(value.getAndAdd(5)).isEqualTo(left);
            assertThat(value.get()).isEqualTo(left + 5);
            value.unlink();
        }
    }

    @Test
    void shouldAddDoublesOfTwoProcesses() throws Exception {
        try (SharedDouble value = SharedDouble.create(name, 1);
                ChildJvm child = ChildJvm.start(ValuePeer.class, "halves", name, "100000")) {
            assertThat(child.line()).isEqualTo("ready");
            for (int i = 0; i < 100_000; i++) {
                value.getAndAdd(0.25);
            }
            assertThat(child.waitFor()).isZero();
            assertThat(value.get()).isEqualTo(75_001);
            value.unlink();
        }
    }

    @Test
    void shouldPassAFlagToAndFro() throws Exception {
        try (SharedBoolean flag = SharedBoolean.create(name, false);
                ChildJvm child = ChildJvm.start(ValuePeer.class, "flag", name)) {
            assertThat(child.line()).isEqualTo("ready");
            flag.set(true);
            assertThat(child.waitFor()).isZero();
            assertThat(flag.get()).isFalse();
            flag.unlink();
        }
    }

    @Test
    void shouldDoWhatAtomicLongDoes() {
        try (SharedLong value = SharedLong.create(name, Long.MAX_VALUE)) {
            assertThat(value.incrementAndGet()).isEqualTo(Long.MIN_VALUE);
            assertThat(value.getAndDecrement()).isEqualTo(Long.MIN_VALUE);
            assertThat(value.getAndSet(7)).isEqualTo(Long.MAX_VALUE);
            assertThat(value.getAndIncrement()).isEqualTo(7);
            assertThat(value.decrementAndGet()).isEqualTo(7);
            assertThat(value.addAndGet(-10)).isEqualTo(-3);
            assertThat(value.compareAndSet(3, 4)).isFalse();
            assertThat(value.compareAndSet(-3, 4)).isTrue();
            assertThat(value.compareAndExchange(5, 6)).isEqualTo(4);
            assertThat(value.getAndUpdate(now -> now * now)).isEqualTo(4);
            assertThat(value.updateAndGet(now -> now + 1)).isEqualTo(17);
            assertThat(value.getAndAccumulate(20, Math::max)).isEqualTo(17);
            assertThat(value.accumulateAndGet(30, Math::min)).isEqualTo(20);
            value.setRelease(21);
            assertThat(value.getAcquire()).isEqualTo(21);
            value.unlink();
        }
    }

    @Test
    void shouldDoWhatAtomicIntegerDoes() {
        try (SharedInt value = SharedInt.create(name, Integer.MAX_VALUE)) {
            assertThat(value.incrementAndGet()).isEqualTo(Integer.MIN_VALUE);
            assertThat(value.getAndDecrement()).isEqualTo(Integer.MIN_VALUE);
            assertThat(value.getAndSet(7)).isEqualTo(Integer.MAX_VALUE);
            assertThat(value.getAndIncrement()).isEqualTo(7);
            assertThat(value.decrementAndGet()).isEqualTo(7);
            assertThat(value.addAndGet(-10)).isEqualTo(-3);
            assertThat(value.compareAndSet(3, 4)).isFalse();
            assertThat(value.compareAndSet(-3, 4)).isTrue();
            assertThat(value.compareAndExchange(4, 6)).isEqualTo(4);
            assertThat(value.getAndUpdate(now -> now * now)).isEqualTo(6);
            assertThat(value.updateAndGet(now -> now + 1)).isEqualTo(37);
            assertThat(value.getAndAccumulate(40, Math::max)).isEqualTo(37);
            assertThat(value.accumulateAndGet(50, Math::min)).isEqualTo(40);
            value.setRelease(21);
            assertThat(value.getAcquire()).isEqualTo(21);
            value.unlink();
        }
    }

    @Test
    void shouldCompareTheBitsOfDoubles() {
        try (SharedDouble value = SharedDouble.create(name, Double.NaN)) {
            assertThat(value.compareAndSet(Double.NaN, 0.0)).isTrue();
            assertThat(value.compareAndSet(-0.0, 1)).isFalse();
            assertThat(value.compareAndExchange(0.0, 1)).isEqualTo(0.0);
            assertThat(value.getAndSet(Double.NaN)).isEqualTo(1);
            assertThat(value.getAndAdd(1)).isNaN();
            value.setRelease(2);
            assertThat(value.getAcquire()).isEqualTo(2);
            assertThat(value.addAndGet(0.5)).isEqualTo(2.5);
            assertThat(value.accumulateAndGet(3, Math::max)).isEqualTo(3);
            assertThat(value.getAndAccumulate(4, Math::min)).isEqualTo(3);
            assertThat(value.updateAndGet(Math::sqrt)).isEqualTo(Math.sqrt(3));
            value.unlink();
        }
    }

    @Test
    void shouldDoWhatAtomicBooleanDoes() {
        try (SharedBoolean value = SharedBoolean.create(name, true)) {
            assertThat(value.getAndSet(false)).isTrue();
            assertThat(value.compareAndExchange(true, false)).isFalse();
            value.setRelease(true);
            assertThat(value.getAcquire()).isTrue();
            value.unlink();
        }
    }

    @Test
    void shouldRefuseWhatIsOfAnotherType() {
        try (SharedInt value = SharedInt.create(name, 1)) {
            assertThatThrownBy(() -> SharedLong.open(name))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("shm:/" + name)
                    .hasMessageContaining("type of the value: expected=long, found=int");
            assertThat(value.region().table().parties()).hasSize(1);
            value.unlink();
        }
    }

    @Test
    void shouldBeReadAndWrittenByPython() throws Exception {
        try (SharedLong value = SharedLong.create(name, -1L << 40)) {
            assertThat(Python.run(PYTHON, name, "=q")).isEqualTo("8704 " + (-1L << 40) + "\n");
            assertThat(value.get()).isEqualTo((-1L << 40) + 1);
            value.unlink();
        }
        try (SharedDouble value = SharedDouble.create(name, 0.25)) {
            assertThat(Python.run(PYTHON, name, "=d")).isEqualTo("8704 0.25\n");
            assertThat(value.get()).isEqualTo(1.25);
            value.unlink();
        }
    }
}
