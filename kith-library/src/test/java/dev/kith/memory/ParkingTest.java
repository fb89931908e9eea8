// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParkingTest {
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final Place.Shm place = Regions.name();
    private final Region region = Regions.create(place);
    private final Parking parking = region.parking(Regions.WORD);

    @AfterEach
    void remove() throws Exception {
        region.close();
        Regions.remove(place);
    }

    @Test
    void shouldWaitUntilTheDeadline() throws Exception {
        long begin = System.nanoTime();
        long deadline = Deadline.after(TimeUnit.MILLISECONDS.toNanos(250));
        assertThat(parking.await(() -> false, deadline)).isFalse();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(250_000_000);
        assertThat(parking.await(() -> true, deadline)).isTrue();
    }

    @Test
    void shouldWakeAnotherProcess() throws Exception {
        try (ChildJvm child = ChildJvm.start(RegionChild.class, "await", place.name())) {
            assertThat(child.line()).isEqualTo("0");
            region.table().attach(Party.PRODUCER);
            for (long i = 1; i <= 20; i++) {
                Thread.sleep(i % 4 == 0 ? 120 : 2);
                LONG.setRelease(region.data(), 0L, i);
                parking.wake();
                assertThat(child.line()).isEqualTo("got " + i);
            }
        }
    }

    @Test
    void shouldWakeWhereNobodyCanMakeOthersPassABarrier() throws Exception {
        Header.raise(region.segment(), Header.FENCED);
        shouldWakeAnotherProcess();
        assertThat(Header.flags(region.segment()) & Header.FENCED).isEqualTo(Header.FENCED);
        try (Region opened = Regions.open(place)) {
            assertThat(opened.header().shape()).isEqualTo(Regions.SMALL);
        }
    }

    @Test
    void shouldBeInterrupted() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> thrown.set(waited()));
        Thread.sleep(50);
        thread.interrupt();
        thread.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void shouldWakeWhenTheRegionIsClosed() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> thrown.set(waited()));
        Thread.sleep(50);
        region.close();
        thread.join();
        assertThat(thrown.get()).isInstanceOf(Closed.class).hasMessage(place + " is closed");
        assertThatThrownBy(() -> parking.await(() -> false, Deadline.FOREVER))
                .isInstanceOf(Closed.class);
    }

    @Test
    void shouldHoldNoCarrierOfVirtualThreads() throws Exception {
        int many = Runtime.getRuntime().availableProcessors() + 2;
        Thread[] waiting = new Thread[many];
        for (int i = 0; i < many; i++) {
            waiting[i] = Thread.ofVirtual().start(this::waited);
        }
        Thread.sleep(50);
        CompletableFuture<String> other = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> other.complete("ran"));
        assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("ran");
        waiting[0].interrupt();
        waiting[0].join();
        region.close();
        for (Thread each : waiting) {
            each.join();
        }
    }

    @Test
    void shouldHearOfADeathWhileItWaits() throws Exception {
        try (ChildJvm child = ChildJvm.start(RegionChild.class, "attach", place.name())) {
            child.line();
            region.watch().scan();
            assertThat(region.watch().deaths()).isZero();
            assertThat(region.watch().mustAsk()).isFalse();
            CompletableFuture<Boolean> waiting =
                    CompletableFuture.supplyAsync(
                            () -> awaited(() -> region.watch().deaths() == 1));
            Thread.sleep(50);
            assertThat(waiting).isNotDone();
            child.kill();
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(region.table().isAlive(0)).isFalse();
        }
    }

    @Test
    void shouldTellWhoWaitsForManyThings() throws Exception {
        CompletableFuture<Thread> told = new CompletableFuture<>();
        try (ChildJvm child = ChildJvm.start(RegionChild.class, "publish", place.name())) {
            assertThat(child.line()).isEqualTo("0");
            Waitable.Registration never = parking.whenReady(() -> false, () -> told.cancel(false));
            Waitable.Registration first =
                    parking.whenReady(
                            () -> (long) LONG.getAcquire(region.data(), 0L) == 1,
                            () -> told.complete(Thread.currentThread()));
            Thread.sleep(150);
            assertThat(told).isNotDone();
            child.write(1);
            assertThat(told.get(20, TimeUnit.SECONDS).getName()).startsWith("kith-sleeper-");
            first.close();
            never.close();
        }
    }

    @Test
    void shouldTellMoreThanTheKernelTakesAtOnce() throws Exception {
        int many = 300;
        CountDownLatch told = new CountDownLatch(many);
        for (int i = 0; i < many; i++) {
            long awaited = i / 100 + 1;
            parking.whenReady(
                    () -> (long) LONG.getAcquire(region.data(), 0L) >= awaited, told::countDown);
        }
        for (long value = 1; value <= 3; value++) {
            assertThat(told.getCount()).isEqualTo(many - 100 * (value - 1));
            LONG.setRelease(region.data(), 0L, value);
            parking.wake();
            while (told.getCount() > many - 100 * value) {
                Thread.sleep(1);
            }
        }
        assertThat(told.getCount()).isZero();
    }

    @Test
    void shouldTellThatTheFileWasCutAndServeTheOthersOn() throws Exception {
        CompletableFuture<String> told = new CompletableFuture<>();
        CompletableFuture<String> other = new CompletableFuture<>();
        Place.Shm place2 = Regions.name();
        try (Region region2 = Regions.create(place2)) {
            Parking parking2 = region2.parking(Regions.WORD);
            parking.whenReady(() -> false, () -> told.complete("cut"));
            parking2.whenReady(
                    () -> (long) LONG.getAcquire(region2.data(), 0L) == 1,
                    () -> other.complete("goes on"));
            try (FileChannel file = FileChannel.open(place.path(), StandardOpenOption.WRITE)) {
                file.truncate(0);
            }
            assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo("cut");
            LONG.setRelease(region2.data(), 0L, 1L);
            parking2.wake();
            assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("goes on");
        } finally {
            Regions.remove(place2);
        }
    }

    @Test
    void shouldSeeWhatWasPublishedByOneThatDiedBeforeItCouldWake() throws Exception {
        try (ChildJvm child = ChildJvm.start(RegionChild.class, "whisper", place.name())) {
            assertThat(child.line()).isEqualTo("0");
            CompletableFuture<Boolean> waiting =
                    CompletableFuture.supplyAsync(
                            () -> awaited(() -> (long) LONG.getAcquire(region.data(), 0L) == 1));
            Thread.sleep(50);
            child.write(1);
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void shouldHearOfADeathInAnotherPidNamespace() throws Exception {
        List<String> elsewhere =
                List.of(
                        "unshare",
                        "--map-root-user",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc");
        List<String> tried = new ArrayList<>(elsewhere);
        tried.add("true");
        assumeTrue(
                new ProcessBuilder(tried).start().waitFor() == 0,
                "a pid namespace cannot be made here");
        try (ChildJvm child =
                ChildJvm.start(
                        elsewhere,
                        List.of("--enable-native-access=ALL-UNNAMED"),
                        RegionChild.class,
                        "attach",
                        place.name())) {
            assertThat(child.line()).isEqualTo("0");
            Party party = region.table().party(0).orElseThrow();
            assertThat(party.peer().pid()).isEqualTo(1);
            assertThat(region.table().isAlive(party)).isTrue();
            region.watch().scan();
            assertThat(region.watch().mustAsk()).isTrue();
            CompletableFuture<Boolean> waiting =
                    CompletableFuture.supplyAsync(
                            () -> awaited(() -> region.watch().deaths() == 1));
            // Not by unshare: its standard input would end before it dies, and it would detach.
            ProcessHandle.of(child.pid())
                    .orElseThrow()
                    .children()
                    .forEach(ProcessHandle::destroyForcibly);
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(region.table().isAlive(party)).isFalse();
            region.watch().scan();
            assertThat(region.watch().mustAsk()).isFalse();
        }
    }

    @Test
    void shouldTellThatTheRegionIsClosed() throws Exception {
        CompletableFuture<String> told = new CompletableFuture<>();
        parking.whenReady(() -> false, () -> told.complete("closed"));
        Thread.sleep(20);
        region.close();
        assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo("closed");
    }

    private Throwable waited() {
        try {
            parking.await(() -> false, Deadline.FOREVER);
            return null;
        } catch (InterruptedException | RuntimeException thrown) {
            return thrown;
        }
    }

    private boolean awaited(BooleanSupplier ready) {
        try {
            return parking.await(ready, Deadline.FOREVER);
        } catch (InterruptedException e) {
            return false;
        }
    }
}
