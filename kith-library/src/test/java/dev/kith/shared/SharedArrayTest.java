// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.Python;
import dev.kith.memory.Regions;
import dev.kith.test.LeavesNothingBehind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LeavesNothingBehind
@Timeout(60)
class SharedArrayTest {
    private static final int TIMES = 400_000;

    /** Prints the elements, and writes their doubles. */
    private static final String PYTHON =
            """
            import mmap, struct, sys
            with open('/dev/shm/' + sys.argv[1], 'r+b') as file:
                memory = memoryview(mmap.mmap(file.fileno(), 0))
            length, = struct.unpack_from('=Q', memory, 8576)
            at, = struct.unpack_from('=Q', memory, 32)
            size = struct.calcsize(sys.argv[2])
            array = memory[at : at + length * size].cast(sys.argv[2])
            print(at, list(array))
            for i in range(length):
                array[i] = 2 * array[i]
            """;

    private final String name = Regions.name().name();

    @Test
    void shouldCountExactlyWhatTwoProcessesAddToElements() throws Exception {
        try (SharedLongArray array = SharedLongArray.create(name, 4);
                ChildJvm child = ChildJvm.start(ValuePeer.class, "count", name, "" + TIMES)) {
            assertThat(child.line()).isEqualTo("ready");
            for (int i = 0; i < TIMES; i++) {
                array.addAndGet(i % 4, 1);
            }
            assertThat(child.waitFor()).isZero();
            assertThat(array.toArray()).containsOnly(TIMES / 2);
            array.unlink();
        }
    }

    @Test
    void shouldStayAsItWasLeftByOneThatWasKilled() throws Exception {
        try (SharedLongArray array = SharedLongArray.create(name, 4);
                ChildJvm child =
                        ChildJvm.start(ValuePeer.class, "count", name, "" + Integer.MAX_VALUE)) {
            assertThat(child.line()).isEqualTo("ready");
            while (array.get(0) < 1000) {
                Thread.onSpinWait();
            }
            child.kill();
            long[] left = array.toArray();
            assertThat(
                            Arrays.stream(left).max().getAsLong()
                                    - Arrays.stream(left).min().getAsLong())
                    .isBetween(0L, 1L);
            assertThat(array.getAndAdd(3, 1)).isEqualTo(left[3]);
            array.unlink();
        }
    }

    @Test
    void shouldCopyInBulkWhatAnotherProcessWrote() throws Exception {
        int length = 100_000;
        try (SharedDoubleArray array = SharedDoubleArray.create(name, length)) {
            try (ChildJvm child = ChildJvm.start(ValuePeer.class, "fill", name)) {
                assertThat(child.waitFor()).isZero();
            }
            double[] part = new double[12];
            array.copyTo(50_000, part, 1, 10);
            assertThat(part[0]).isZero();
            assertThat(part[1]).isEqualTo(25_000);
            assertThat(part[10]).isEqualTo(25_004.5);
            assertThat(part[11]).isZero();
            assertThat(array.toArray()).hasSize(length).endsWith(49_999.5);
            MemorySegment slice = array.slice(2, 3);
            assertThat(slice.byteSize()).isEqualTo(24);
            slice.set(ValueLayout.JAVA_DOUBLE, 8, -1.0);
            assertThat(array.get(3)).isEqualTo(-1);
            assertThat(array.segment().byteSize()).isEqualTo(8L * length);
            array.unlink();
        }
    }

    @Test
    void shouldChangeElementsAsAtomicArraysDo() {
        try (SharedIntArray ints = SharedIntArray.anonymous(2)) {
            ints.set(1, Integer.MAX_VALUE);
            assertThat(ints.getAndAdd(1, 1)).isEqualTo(Integer.MAX_VALUE);
            assertThat(ints.get(1)).isEqualTo(Integer.MIN_VALUE);
            assertThat(ints.getAndSet(1, 3)).isEqualTo(Integer.MIN_VALUE);
            assertThat(ints.compareAndSet(1, 4, 5)).isFalse();
            assertThat(ints.compareAndSet(1, 3, 5)).isTrue();
            assertThat(ints.addAndGet(1, 2)).isEqualTo(7);
            assertThat(ints.getAndUpdate(1, now -> -now)).isEqualTo(7);
            assertThat(ints.updateAndGet(1, now -> now - 1)).isEqualTo(-8);
            assertThat(ints.accumulateAndGet(1, -20, Math::min)).isEqualTo(-20);
            assertThat(ints.get(0)).isZero();
            ints.setRelease(0, 1);
            assertThat(ints.getAcquire(0)).isEqualTo(1);
            ints.setPlain(0, 2);
            assertThat(ints.getPlain(0)).isEqualTo(2);
        }
        try (SharedDoubleArray doubles = SharedDoubleArray.anonymous(1)) {
            assertThat(doubles.addAndGet(0, 0.5)).isEqualTo(0.5);
            assertThat(doubles.getAndAdd(0, 0.5)).isEqualTo(0.5);
            assertThat(doubles.compareAndSet(0, 1.0, Double.NaN)).isTrue();
            assertThat(doubles.compareAndSet(0, Double.NaN, 4)).isTrue();
            assertThat(doubles.updateAndGet(0, Math::sqrt)).isEqualTo(2);
        }
        try (SharedFloatArray floats = SharedFloatArray.anonymous(3)) {
            assertThat(floats.addAndGet(2, 0.5f)).isEqualTo(0.5f);
            assertThat(floats.getAndAdd(2, 0.5f)).isEqualTo(0.5f);
            assertThat(floats.getAndSet(2, 8f)).isEqualTo(1f);
            assertThat(floats.compareAndSet(2, 8f, 9f)).isTrue();
            assertThat(floats.toArray()).containsExactly(0, 0, 9);
        }
        try (SharedByteArray bytes = SharedByteArray.anonymous(3)) {
            bytes.copyFrom(0, new byte[] {1, 2, 3, 4}, 1, 3);
            bytes.set(1, (byte) -1);
            assertThat(bytes.get(1)).isEqualTo((byte) -1);
            bytes.setRelease(0, (byte) 9);
            assertThat(bytes.getAcquire(0)).isEqualTo((byte) 9);
            assertThat(bytes.toArray()).containsExactly(9, -1, 4);
        }
        try (SharedByteArray none = SharedByteArray.anonymous(0)) {
            assertThat(none.toArray()).isEmpty();
            assertThatThrownBy(() -> none.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldNameTheIndexThatItHasNot() {
        try (SharedLongArray array = SharedLongArray.create(name, 3)) {
            assertThatThrownBy(() -> array.get(3))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("get of array shm:/" + name + ": index=3, length=3");
            assertThatThrownBy(() -> array.compareAndSet(-1, 0, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("compareAndSet of array shm:/" + name + ": index=-1");
            assertThatThrownBy(() -> array.copyTo(2, new long[5], 0, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("index=2, count=2, length=3");
            assertThatThrownBy(() -> array.copyFrom(0, new long[1], 0, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> array.slice(Long.MAX_VALUE, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("slice of array");
            assertThat(array.toArray()).containsOnly(0);
            array.unlink();
        }
    }

    @Test
    void shouldRefuseWhatItIsNot() {
        assertThatThrownBy(() -> SharedIntArray.create(name, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("array of int: length=-1");
        assertThatThrownBy(() -> SharedLongArray.create(name, Long.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
        try (SharedIntArray array = SharedIntArray.create(name, 3)) {
            assertThatThrownBy(() -> SharedFloatArray.open(name))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("type of the array: expected=float, found=int");
            array.region().segment().set(ValueLayout.JAVA_LONG, 8576, 1L << 60);
            assertThatThrownBy(() -> SharedIntArray.open(name))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("length of the array: found=" + (1L << 60));
            array.unlink();
        }
    }

    @Test
    void shouldBeReadAndWrittenByPython() throws Exception {
        try (SharedDoubleArray array = SharedDoubleArray.create(name, 3)) {
            array.copyFrom(0, new double[] {0.5, -1, 1e300}, 0, 3);
            assertThat(Python.run(PYTHON, name, "d")).isEqualTo("8704 [0.5, -1.0, 1e+300]\n");
            assertThat(array.toArray()).containsExactly(1, -2, 2e300);
            array.unlink();
        }
        try (SharedIntArray array = SharedIntArray.create(name, 2)) {
            array.set(1, -7);
            assertThat(Python.run(PYTHON, name, "i")).isEqualTo("8704 [0, -7]\n");
            assertThat(array.toArray()).containsExactly(0, -14);
            array.unlink();
        }
    }
}
