// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.Python;
import dev.kith.codec.Length;
import dev.kith.memory.Regions;
import dev.kith.shared.StructPeer.Wide;
import dev.kith.test.LeavesNothingBehind;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LeavesNothingBehind
@Timeout(60)
class SharedStructTest {
    private static final int ROUNDS = 100_000;

    /** Reads a struct of two doubles as a process of another language does. */
    private static final String PYTHON =
            """
            import mmap, struct, sys
            with open('/dev/shm/' + sys.argv[1], 'r+b') as file:
                memory = mmap.mmap(file.fileno(), 0)
            while True:
                changes, = struct.unpack_from('=Q', memory, 25024)
                pair = struct.unpack_from('=dd', memory, 25088 + (changes & 1) * 64)
                if struct.unpack_from('=Q', memory, 25024)[0] == changes:
                    break
            print(changes, pair)
            """;

    record Point(double x, double y) {}

    record Other(double x, double z) {}

    record Name(@Length(4) String text) {}

    private final String name = Regions.name().name();

    @Test
    void shouldNeverBeSeenTorn() throws Exception {
        try (SharedStruct<Wide> struct = SharedStruct.create(name, Wide.of(0));
                ChildJvm writer = peer("set", ROUNDS)) {
            assertThat(writer.line()).isEqualTo("ready");
            long last = 0;
            while (last < ROUNDS) {
                long seen = struct.get().number();
                assertThat(seen).isGreaterThanOrEqualTo(last);
                last = seen;
            }
            assertThat(writer.waitFor()).isZero();
            assertThat(struct.changes()).isEqualTo(ROUNDS);
            struct.unlink();
        }
    }

    @Test
    void shouldNotBeSeenTornByAnotherProcess() throws Exception {
        try (SharedStruct<Wide> struct = SharedStruct.create(name, Wide.of(0));
                ChildJvm reader = peer("read", ROUNDS)) {
            assertThat(reader.line()).isEqualTo("ready");
            for (int n = 1; n <= ROUNDS; n++) {
                struct.set(Wide.of(n));
            }
            assertThat(reader.waitFor()).isZero();
            struct.unlink();
        }
    }

    @Test
    void shouldLoseNoUpdateOfTwoProcesses() throws Exception {
        int times = 20_000;
        try (SharedStruct<Wide> struct = SharedStruct.create(name, Wide.of(0));
                ChildJvm other = peer("update", times)) {
            assertThat(other.line()).isEqualTo("ready");
            for (int n = 0; n < times; n++) {
                struct.updateAndGet(Wide::next);
            }
            assertThat(other.waitFor()).isZero();
            assertThat(struct.get().number()).isEqualTo(2 * times);
            struct.unlink();
        }
    }

    @Test
    void shouldKeepTheLastWholeRecordWhenItsWriterDiesAtAnyStore() throws Exception {
        try (SharedStruct<Wide> struct = SharedStruct.create(name, Wide.of(0))) {
            int points =
                    EachPoint.die(
                            StructPeer.class,
                            _ -> struct.set(Wide.of(0)),
                            _ -> new String[] {"update", name, "2"},
                            point -> {
                                long left = struct.get().number();
                                assertThat(left).as("point %d", point).isBetween(0L, 2L);
                                assertThat(struct.tryUpdate(Wide::next, Duration.ofSeconds(10)))
                                        .as("point %d", point)
                                        .isTrue();
                                assertThat(struct.get().number()).isEqualTo(left + 1);
                            });
            assertThat(points).isGreaterThan(15);
            struct.unlink();
        }
    }

    @Test
    void shouldKeepTheLastWholeRecordWhenItsWriterIsKilledAnywhere() throws Exception {
        try (SharedStruct<Wide> struct = SharedStruct.create(name, Wide.of(0))) {
            for (int round = 0; round < 5; round++) {
                struct.set(Wide.of(0));
                try (ChildJvm writer = peer("set", Integer.MAX_VALUE)) {
                    assertThat(writer.line()).isEqualTo("ready");
                    while (struct.get().number() < 1000 * round) {
                        Thread.onSpinWait();
                    }
                    writer.kill();
                }
                long left = struct.get().number();
                assertThat(struct.getAndUpdate(Wide::next).number()).isEqualTo(left);
                assertThat(struct.get().number()).isEqualTo(left + 1);
            }
            struct.unlink();
        }
    }

    @Test
    void shouldBeReadWhileAnotherProcessIsAtIt() throws Exception {
        try (SharedStruct<Wide> struct = SharedStruct.create(name, Wide.of(7));
                ChildJvm holder = peer("hold", 0)) {
            assertThat(holder.line()).isEqualTo("held");
            assertThat(struct.get().number()).isEqualTo(7);
            assertThat(struct.tryUpdate(Wide::next, Duration.ofMillis(20))).isFalse();
            holder.kill();
            assertThat(struct.getAndSet(Wide.of(9)).number()).isEqualTo(7);
            assertThat(struct.get().number()).isEqualTo(9);
            struct.unlink();
        }
    }

    @Test
    void shouldStayAsItIsIfItsNewRecordCannotBe() {
        try (SharedStruct<Name> struct = SharedStruct.create(name, new Name("four"))) {
            assertThatThrownBy(() -> struct.set(new Name("eight...")))
                    .isInstanceOf(IpcException.class);
            assertThatThrownBy(() ->
                            struct.updateAndGet(_ -> {
                                throw new ArithmeticException("no");
                            }))
                    .isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() ->
                            struct.updateAndGet(now -> {
                                struct.set(now);
                                return now;
                            }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("set of struct shm:/" + name + " inside a function");
            assertThat(struct.get()).isEqualTo(new Name("four"));
            assertThat(struct.changes()).isZero();
            struct.unlink();
            struct.close();
            assertThatThrownBy(() -> struct.set(new Name("two"))).isInstanceOf(Closed.class);
        }
        assertThatThrownBy(() -> SharedStruct.create(name, new Name("eight...")))
                .isInstanceOf(IpcException.class);
    }

    @Test
    void shouldNotBeReplacedByOneWhoseHandleIsClosedMeanwhile() {
        try (SharedStruct<Point> struct = SharedStruct.create(name, new Point(1, 2));
                SharedStruct<Point> other = SharedStruct.open(name, Point.class)) {
            assertThatThrownBy(() ->
                            struct.updateAndGet(now -> {
                                struct.close();
                                other.set(new Point(3, 4));
                                return new Point(5, 6);
                            }))
                    .isInstanceOf(Closed.class);
            assertThat(other.get()).isEqualTo(new Point(3, 4));
            assertThat(other.updateAndGet(now -> now)).isEqualTo(new Point(3, 4));
            other.unlink();
        }
    }

    @Test
    void shouldRefuseAnotherRecord() {
        try (SharedStruct<Point> struct = SharedStruct.create(name, new Point(1, 2))) {
            assertThatThrownBy(() -> SharedStruct.open(name, Other.class))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("is a struct of another record")
                    .hasMessageContaining("expected=" + Other.class.getName());
            assertThatThrownBy(() -> SharedStruct.open(name, Name.class))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("is no struct of this layout");
            struct.unlink();
        }
        assertThatThrownBy(() -> SharedStruct.create(name, new Unfit("?")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SharedStruct.arriving("text")).isInstanceOf(Broken.class);
    }

    @Test
    void shouldSayIfItsBytesAreNoSuchRecord() {
        try (SharedStruct<Name> struct = SharedStruct.create(name, new Name("four"))) {
            struct.region().data().set(ValueLayout.JAVA_BYTE, 1, (byte) 0xff);
            assertThatThrownBy(struct::get).isInstanceOf(Broken.class);
            struct.set(new Name("good"));
            assertThat(struct.get().text()).isEqualTo("good");
            struct.unlink();
        }
    }

    @Test
    void shouldBeReadByPython() throws Exception {
        try (SharedStruct<Point> struct = SharedStruct.create(name, new Point(1, 2))) {
            assertThat(Python.run(PYTHON, name)).isEqualTo("0 (1.0, 2.0)\n");
            struct.set(new Point(3, 4));
            assertThat(Python.run(PYTHON, name)).isEqualTo("1 (3.0, 4.0)\n");
            struct.unlink();
        }
    }

    record Unfit(Object any) {}

    private ChildJvm peer(String verb, int times) throws Exception {
        return ChildJvm.start(StructPeer.class, verb, name, "" + times);
    }
}
