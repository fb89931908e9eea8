// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import java.io.NotSerializableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SemaphoreTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Semaphore semaphore = Semaphore.create(0);

    @AfterEach
    void remove() {
        semaphore.unlink();
        semaphore.close();
    }

    @Test
    void shouldCount() throws Exception {
        semaphore.release();
        semaphore.release();
        assertThat(semaphore.value()).isEqualTo(2);
        semaphore.acquire();
        assertThat(semaphore.tryAcquire()).isTrue();
        assertThat(semaphore.tryAcquire()).isFalse();
        assertThat(semaphore.value()).isZero();
    }

    @Test
    void shouldBeTheSameForAllWhoOpenTheName() {
        try (Semaphore second = Semaphore.open(semaphore.name())) {
            second.release();
            assertThat(semaphore.value()).isEqualTo(1);
            second.close();
            assertThat(semaphore.tryAcquire()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitForTheTimeGiven(boolean virtual) throws Exception {
        long waited =
                BlockedCall.start(
                                virtual,
                                () -> {
                                    long start = System.nanoTime();
                                    assertThat(semaphore.tryAcquire(SHORT)).isFalse();
                                    return System.nanoTime() - start;
                                })
                        .value();
        assertThat(waited).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(semaphore.tryAcquire(Duration.ZERO)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWakeWhoWaits(boolean virtual) throws Exception {
        BlockedCall<Boolean> timed = BlockedCall.start(virtual, () -> semaphore.tryAcquire(LONG));
        BlockedCall<Void> waiting = BlockedCall.start(virtual, this::acquire);
        assertThat(semaphore.waiters()).isEqualTo(2);
        semaphore.release();
        semaphore.release();
        assertThat(timed.value()).isTrue();
        waiting.value();
        assertThat(semaphore.value()).isZero();
        assertThat(semaphore.waiters()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndACallWhoseThreadIsInterrupted(boolean virtual) throws Exception {
        assertThat(BlockedCall.start(virtual, this::acquire).interrupt().failure())
                .isInstanceOf(InterruptedException.class);
        assertThat(
                        BlockedCall.start(virtual, () -> semaphore.tryAcquire(LONG))
                                .interrupt()
                                .failure())
                .isInstanceOf(InterruptedException.class);
        semaphore.release();
        assertThat(semaphore.tryAcquire()).isTrue();
    }

    @Test
    void shouldTakeNothingInAThreadThatIsInterruptedAlready() {
        semaphore.release();
        Thread.currentThread().interrupt();
        assertThatThrownBy(semaphore::acquire).isInstanceOf(InterruptedException.class);
        assertThat(semaphore.value()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndAllCallsOfAHandleThatIsClosed(boolean virtual) throws Exception {
        Semaphore second = Semaphore.open(semaphore.name());
        BlockedCall<Boolean> timed = BlockedCall.start(virtual, () -> second.tryAcquire(LONG));
        BlockedCall<Void> others = BlockedCall.start(virtual, this::acquire);
        second.close();
        second.close();
        assertThat(timed.failure())
                .isInstanceOf(Closed.class)
                .hasMessage("semaphore " + semaphore.name() + " is closed");
        assertThatThrownBy(second::release).isInstanceOf(Closed.class);
        assertThatThrownBy(second::value).isInstanceOf(Closed.class);
        assertThatThrownBy(second::waiters).isInstanceOf(Closed.class);
        assertThat(others.isDone()).isFalse();
        semaphore.release();
        others.value();
    }

    @Test
    void shouldTakeSignalsThatComeWhileItWaits() throws Exception {
        BlockedCall<Void> waiting = BlockedCall.start(this::acquire);
        waiting.signal(20);
        assertThat(waiting.isDone()).isFalse();
        semaphore.release();
        waiting.value();
    }

    @Test
    void shouldNotHoldTheCarriersOfVirtualThreadsThatWait() throws Exception {
        List<BlockedCall<Void>> waiting = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            semaphore.acquire();
                            done.countDown();
                        } catch (InterruptedException | Closed ended) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }
        waiting.add(BlockedCall.start(true, this::acquire));
        CountDownLatch others = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            Thread.ofVirtual().start(others::countDown);
        }
        assertThat(others.await(20, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 101; i++) {
            semaphore.release();
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        waiting.getFirst().value();
    }

    @Test
    void shouldLieInSharedMemory() throws Exception {
        try (SharedMemory memory = SharedMemory.create(Semaphore.BYTES + 8)) {
            memory.unlink();
            Semaphore made = Semaphore.init(memory.segment().asSlice(8), 1);
            Semaphore found = Semaphore.at(memory.segment().asSlice(8));
            made.acquire();
            BlockedCall<Boolean> waiting = BlockedCall.start(() -> found.tryAcquire(LONG));
            made.release();
            assertThat(waiting.value()).isTrue();
            assertThat(made.name()).isEmpty();
            assertThatThrownBy(made::unlink)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("has no name to unlink");
            assertThatThrownBy(() -> Travel.travel(made))
                    .isInstanceOf(NotSerializableException.class)
                    .hasMessageContaining("call Semaphore.at there");
            made.close();
            assertThatThrownBy(made::acquire).isInstanceOf(Closed.class);
            found.release();
        }
    }

    @Test
    void shouldKeepItsMemoryWhileSomebodyWaitsInIt() throws Exception {
        SharedMemory memory = SharedMemory.create(Semaphore.BYTES);
        memory.unlink();
        Semaphore inside = Semaphore.init(memory.segment(), 0);
        BlockedCall<Boolean> waiting = BlockedCall.start(() -> inside.tryAcquire(LONG));
        assertThatThrownBy(memory::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("close what waits in it first, a Semaphore say");
        inside.release();
        assertThat(waiting.value()).isTrue();
        memory.close();
        assertThatThrownBy(inside::tryAcquire).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRefuseMemoryThatIsNone() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64, 8);
            assertThatThrownBy(() -> Semaphore.at(MemorySegment.ofArray(new long[8])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a semaphore lies in native memory");
            assertThatThrownBy(() -> Semaphore.at(memory.asReadOnly()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Semaphore.at(memory.asSlice(40)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no room for a semaphore: size=24, least=32");
            assertThatThrownBy(() -> Semaphore.at(memory.asSlice(4)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("alignment=8");
        }
    }

    @Test
    void shouldSayWhenItIsReleasedTooOften() {
        String name = semaphore.name() + "-full";
        try (Semaphore full = Semaphore.create(name, Integer.MAX_VALUE)) {
            assertThatThrownBy(full::release)
                    .isInstanceOf(IpcException.class)
                    .hasMessage(
                            "sem_post(semaphore %s): EOVERFLOW (Value too large for defined data"
                                    + " type); it was released more often than acquired",
                            name);
        } finally {
            Semaphore.unlink(name);
        }
    }

    @Test
    void shouldSayWhatToDo() {
        String name = semaphore.name();
        assertThatThrownBy(() -> Semaphore.create(name, 1))
                .isInstanceOf(AlreadyExists.class)
                .hasMessage(
                        "sem_open(\"%s\", O_CREAT|O_EXCL, 0600, 1): EEXIST (File exists); open it"
                                + " with Semaphore.open, or remove it with: kith rm psem:%s",
                        name, name);
        assertThatThrownBy(() -> Semaphore.open("/no-such"))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "sem_open(\"/no-such\"): ENOENT (No such file or directory); make it with"
                                + " Semaphore.create");
        assertThatThrownBy(() -> Semaphore.unlink("/no-such")).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> Semaphore.create("/none", -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("permits=-1, least=0");
        assertThatThrownBy(() -> Semaphore.open("none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a name");
        assertThatThrownBy(() -> Semaphore.open("/" + "x".repeat(252)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length=252, limit=251");
    }

    @Test
    void shouldNotOpenAFileThatIsTooShortToBeASemaphore() throws Exception {
        Path file = Path.of("/dev/shm/sem." + semaphore.name().substring(1) + "-short");
        Files.createFile(file);
        try {
            assertThatThrownBy(() -> Semaphore.open(semaphore.name() + "-short"))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("not a semaphore: size=0, expected=32 (" + file + ")");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void shouldBeForItsUserAloneUnlessAMode() throws Exception {
        assertThat(mode(semaphore.name())).isEqualTo("rw-------");
        String name = semaphore.name() + "-mode";
        try (Semaphore open = Semaphore.create(name, 0, 0666)) {
            assertThat(mode(open.name())).isEqualTo("rw-rw-rw-");
        } finally {
            Semaphore.unlink(name);
        }
    }

    @Test
    void shouldBeMadeOnceByOpenOrCreate() {
        String name = semaphore.name() + "-twice";
        try (Semaphore first = Semaphore.openOrCreate(name, 3);
                Semaphore second = Semaphore.openOrCreate(name, 5)) {
            assertThat(first.tryAcquire()).isTrue();
            assertThat(second.value()).isEqualTo(2);
        } finally {
            Semaphore.unlink(name);
        }
    }

    @Test
    void shouldTravelByItsName() throws Exception {
        try (Semaphore arrived = Travel.travel(semaphore)) {
            arrived.release();
        }
        assertThat(semaphore.value()).isEqualTo(1);
    }

    private Void acquire() throws InterruptedException {
        semaphore.acquire();
        return null;
    }

    private static String mode(String name) throws Exception {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(Path.of("/dev/shm/sem." + name.substring(1))));
    }
}
