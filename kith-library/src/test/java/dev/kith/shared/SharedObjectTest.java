// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.NotFound;
import dev.kith.memory.Place;
import dev.kith.memory.Region;
import dev.kith.memory.RegionKind;
import dev.kith.memory.Regions;
import dev.kith.memory.Shape;
import dev.kith.process.Worker;
import dev.kith.test.LeavesNothingBehind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every shared object, of whatever kind. */
@LeavesNothingBehind
@Timeout(60)
class SharedObjectTest {
    private final String name = Regions.name().name();

    @TempDir private Path directory;

    /** A kind of object, each made with the same parameters; {@code other} with others, or null. */
    record Sort<T extends SharedObject>(
            String name,
            Function<String, T> create,
            Function<Path, T> createFile,
            Function<String, T> open,
            Function<Path, T> openFile,
            Function<String, T> openOrCreate,
            Function<Path, T> openOrCreateFile,
            Supplier<T> anonymous,
            Function<String, T> other) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Sort<?>> sorts() {
        List<Sort<?>> all = new ArrayList<>(ValueSorts.all());
        all.addAll(places());
        return all;
    }

    static List<Sort<?>> sortsWithParameters() {
        return sorts().stream().filter(sort -> sort.other() != null).toList();
    }

    private static List<Sort<?>> places() {
        return List.of(
                new Sort<>(
                        "lock",
                        SharedLock::create,
                        SharedLock::create,
                        SharedLock::open,
                        SharedLock::open,
                        SharedLock::openOrCreate,
                        SharedLock::openOrCreate,
                        SharedLock::anonymous,
                        name -> SharedLock.openOrCreate(name, LockOption.FAIR)),
                new Sort<>(
                        "read-write lock",
                        SharedReadWriteLock::create,
                        SharedReadWriteLock::create,
                        SharedReadWriteLock::open,
                        SharedReadWriteLock::open,
                        SharedReadWriteLock::openOrCreate,
                        SharedReadWriteLock::openOrCreate,
                        SharedReadWriteLock::anonymous,
                        null),
                new Sort<>(
                        "semaphore",
                        name -> SharedSemaphore.create(name, 3),
                        path -> SharedSemaphore.create(path, 3),
                        SharedSemaphore::open,
                        SharedSemaphore::open,
                        name -> SharedSemaphore.openOrCreate(name, 3),
                        path -> SharedSemaphore.openOrCreate(path, 3),
                        () -> SharedSemaphore.anonymous(3),
                        name -> SharedSemaphore.openOrCreate(name, 3, SemaphoreOption.BOUNDED)),
                new Sort<>(
                        "barrier",
                        name -> SharedBarrier.create(name, 3),
                        path -> SharedBarrier.create(path, 3),
                        SharedBarrier::open,
                        SharedBarrier::open,
                        name -> SharedBarrier.openOrCreate(name, 3),
                        path -> SharedBarrier.openOrCreate(path, 3),
                        () -> SharedBarrier.anonymous(3),
                        name -> SharedBarrier.openOrCreate(name, 4)),
                new Sort<>(
                        "event",
                        SharedEvent::create,
                        SharedEvent::create,
                        SharedEvent::open,
                        SharedEvent::open,
                        SharedEvent::openOrCreate,
                        SharedEvent::openOrCreate,
                        SharedEvent::anonymous,
                        null),
                new Sort<>(
                        "latch",
                        name -> SharedLatch.create(name, 3),
                        path -> SharedLatch.create(path, 3),
                        SharedLatch::open,
                        SharedLatch::open,
                        name -> SharedLatch.openOrCreate(name, 3),
                        path -> SharedLatch.openOrCreate(path, 3),
                        () -> SharedLatch.anonymous(3),
                        name -> SharedLatch.openOrCreate(name, 4)));
    }

    @ParameterizedTest
    @MethodSource("sorts")
    void shouldBeFoundByItsName(Sort<?> sort) throws Exception {
        assertThatThrownBy(() -> sort.open().apply(name)).isInstanceOf(NotFound.class);
        try (SharedObject made = sort.create().apply("/" + name);
                SharedObject opened = sort.open().apply(name);
                SharedObject again = sort.openOrCreate().apply(name)) {
            assertThat(made.name()).isEqualTo(name);
            assertThat(made).hasToString(sort.name() + " shm:/" + name);
            assertThat(made.waiters()).isEmpty();
            assertThat(made.region().table().parties()).hasSize(3);
            assertThatThrownBy(() -> sort.create().apply(name)).isInstanceOf(AlreadyExists.class);
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(Path.of("/dev/shm", name))))
                    .isEqualTo("rw-------");
            opened.unlink();
            assertThatThrownBy(made::unlink).isInstanceOf(NotFound.class);
            assertThat(again.region().isClosed()).isFalse();
        }
        try (SharedObject made = sort.openOrCreate().apply(name)) {
            made.unlink();
        }
    }

    @ParameterizedTest
    @MethodSource("sorts")
    void shouldBeFoundByItsPath(Sort<?> sort) throws Exception {
        Path file = directory.resolve("object");
        assertThatThrownBy(() -> sort.openFile().apply(file)).isInstanceOf(NotFound.class);
        sort.createFile().apply(file).close();
        try (SharedObject opened = sort.openFile().apply(file);
                SharedObject copy = copy(opened)) {
            assertThat(copy.name()).isEqualTo(file.toString());
            assertThat(opened).hasToString(sort.name() + " mmap:" + file);
            assertThatThrownBy(() -> sort.createFile().apply(file))
                    .isInstanceOf(AlreadyExists.class);
            opened.unlink();
        }
        sort.openOrCreateFile().apply(file).close();
        assertThat(file).exists();
    }

    @ParameterizedTest
    @MethodSource("sortsWithParameters")
    void shouldSayWhichParametersItHas(Sort<?> sort) {
        try (SharedObject made = sort.create().apply(name)) {
            assertThatThrownBy(() -> sort.other().apply(name))
                    .isInstanceOf(AlreadyExists.class)
                    .hasMessageContaining("openOrCreate(shm:/" + name)
                    .hasMessageContaining("found=" + made.parameters())
                    .hasMessageContaining("kith rm shm:/" + name);
            assertThat(made.region().table().parties()).hasSize(1);
            made.unlink();
        }
    }

    @ParameterizedTest
    @MethodSource("sorts")
    void shouldTravelByItsName(Sort<?> sort) throws Exception {
        try (SharedObject made = sort.create().apply(name);
                SharedObject copy = copy(made)) {
            assertThat(copy).hasToString(made.toString());
            assertThat(copy.getClass()).isSameAs(made.getClass());
            made.unlink();
            assertThatThrownBy(() -> copy(made)).isInstanceOf(NotFound.class);
        }
    }

    @ParameterizedTest
    @MethodSource("sorts")
    void shouldTravelToAChildWithoutAName(Sort<?> sort) throws Exception {
        try (SharedObject made = sort.anonymous().get();
                Worker child = Worker.start()) {
            assertThat(made.name()).isEmpty();
            assertThat(made.toString()).startsWith(sort.name() + " memfd:");
            assertThatThrownBy(made::unlink).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> copy(made)).isInstanceOf(NotSerializableException.class);
            assertThat(child.run(() -> made.region().table().parties().size())).isEqualTo(2);
        }
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(
                            files.map(SharedObjectTest::target)
                                    .filter(target -> target.contains("kith-" + sort.name())))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("sorts")
    void shouldRefuseWhatIsOfAnotherLayout(Sort<?> sort) {
        int kind;
        try (SharedObject made = sort.anonymous().get()) {
            kind = made.region().header().shape().kind();
        }
        assertThat(RegionKind.nameOf(kind)).isEqualTo(sort.name());
        Place.Shm place = (Place.Shm) Place.shm(name);
        try (Region foreign = Region.create(place, Shape.of(kind, 4, 64, 8, 3, 0), _ -> {})) {
            assertThatThrownBy(() -> sort.open().apply(name))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("is no " + sort.name() + " of this layout");
            assertThat(foreign.table().parties()).isEmpty();
            foreign.unlink();
        }
        try (Region other = Region.create(place, Regions.SMALL, _ -> {})) {
            assertThatThrownBy(() -> sort.open().apply(name))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("expected=" + sort.name() + ", found=SPSC ring");
            other.unlink();
        }
    }

    @Test
    void shouldNotBeMadeOfBytesThatNobodyHasWritten() throws Exception {
        String forged = "dev.kith.shared.SharedLock";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(
                new byte[] {(byte) 0xac, (byte) 0xed, 0, 5, 's', 'r', 0, (byte) forged.length()});
        bytes.write(forged.getBytes(StandardCharsets.UTF_8));
        bytes.write(new byte[] {0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 'x', 'p'});
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThatThrownBy(in::readObject)
                    .isInstanceOfAny(InvalidObjectException.class, InvalidClassException.class);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (java.io.IOException gone) {
            return "";
        }
    }

    @SuppressWarnings("unchecked") // what was written is read
    static <T> T copy(T value) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
