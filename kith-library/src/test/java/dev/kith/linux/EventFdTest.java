// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.CProgram;
import dev.kith.Closed;
import dev.kith.Python;
import dev.kith.posix.Pipe;
import dev.kith.process.Worker;
import dev.kith.process.WorkerDied;
import dev.kith.test.Background;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EventFdTest {
    private static final Duration NOW = Duration.ZERO;
    private static final long MOST = -2;

    @Test
    void shouldTakeTheSumOfWhatWasAdded() throws Exception {
        try (EventFd counter = EventFd.create()) {
            assertThat(counter.isReady()).isFalse();
            counter.add(40);
            assertThat(counter.tryAdd(2, NOW)).isTrue();
            assertThat(counter.value()).isEqualTo(42);
            assertThat(counter.isReady()).isTrue();
            assertThat(counter.take()).isEqualTo(42);
            assertThat(counter.tryTake(NOW)).isEmpty();
        }
    }

    @Test
    void shouldTakeOneByOneFromASemaphore() throws Exception {
        try (EventFd semaphore = EventFd.createSemaphore(2)) {
            assertThat(semaphore.isSemaphore()).isTrue();
            semaphore.add(1);
            for (int i = 0; i < 3; i++) {
                assertThat(semaphore.take()).isEqualTo(1);
            }
            assertThat(semaphore.tryTake(NOW)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 0xffff_ffffL, 0x1_0000_0000L, Long.MAX_VALUE, Long.MIN_VALUE, MOST})
    void shouldHold64BitsWithoutASign(long value) throws Exception {
        try (EventFd counter = EventFd.create(value)) {
            assertThat(counter.value()).isEqualTo(value);
            assertThat(counter.take()).isEqualTo(value);
            counter.add(value);
            assertThat(counter.take()).isEqualTo(value);
        }
    }

    @Test
    void shouldRefuseWhatTheKernelCannotAdd() {
        try (EventFd counter = EventFd.create(5)) {
            assertThatThrownBy(() -> counter.add(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("value=0 would wake nobody, least=1");
            assertThatThrownBy(() -> counter.tryAdd(-1, NOW))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("value=-1 is 2^64-1 without a sign, most=2^64-2 (-2)");
            assertThat(counter.value()).isEqualTo(5);
        }
        assertThatThrownBy(() -> EventFd.create(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("initial=-1 is 2^64-1 without a sign, most=2^64-2 (-2)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitForRoomAlsoWhereThereIsSomeButTooLittle(boolean virtual) throws Exception {
        try (EventFd counter = EventFd.create(MOST - 3)) {
            // There is room for 3, so poll(2) says that it can be written to.
            AtomicLong took = new AtomicLong();
            Background adding =
                    Background.run(
                            virtual,
                            () -> {
                                for (Duration time : List.of(NOW, Duration.ofMillis(30))) {
                                    long start = System.nanoTime();
                                    assertThat(counter.tryAdd(5, time)).isFalse();
                                    took.addAndGet(System.nanoTime() - start);
                                }
                            });
            adding.join();
            assertThat(took.get()).isGreaterThanOrEqualTo(30_000_000);
            Background waiting = Background.run(virtual, () -> counter.add(5));
            waiting.awaitBlocked();
            assertThat(counter.take()).isEqualTo(MOST - 3);
            waiting.join();
            assertThat(counter.take()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepTheTimeAlsoWhenAnotherIsFaster(boolean virtual) throws Exception {
        try (EventFd counter = EventFd.create().keep();
                Worker child = Worker.start()) {
            int added = 300;
            AtomicLong here = new AtomicLong();
            List<Background> takers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                takers.add(Background.run(virtual, () -> here.addAndGet(takeForAWhile(counter))));
            }
            var there = child.async(() -> takeForAWhile(counter));
            for (int i = 0; i < added; i++) {
                counter.add(1);
                Thread.sleep(0, 300_000);
            }
            for (Background taker : takers) {
                taker.join();
            }
            long left = counter.tryTake(NOW).orElse(0);
            assertThat(here.get() + there.get() + left).isEqualTo(added);
        }
    }

    /** More waits than there is to take, each short: many of them find that another was faster. */
    private static long takeForAWhile(EventFd counter) throws InterruptedException {
        long taken = 0;
        for (int i = 0; i < 600; i++) {
            taken += counter.tryTake(Duration.ofNanos(500_000)).orElse(0);
        }
        return taken;
    }

    @Test
    void shouldGoOnWaitingWhenAProcessThatSharesItIsKilled() throws Exception {
        try (EventFd counter = EventFd.create().keep();
                Worker child = Worker.start()) {
            var waiting = child.async(() -> counter.take());
            Background here = Background.run(() -> assertThat(counter.take()).isEqualTo(7));
            here.awaitBlocked();
            try (PidFd process = PidFd.open(child.pid())) {
                process.send(9);
                process.join();
            }
            assertThatThrownBy(waiting::get).hasCauseInstanceOf(WorkerDied.class);
            assertThat(here.thread().isAlive()).isTrue();
            counter.add(7);
            here.join();
        }
    }

    @Test
    void shouldBeSharedWithAPythonProgram() throws Exception {
        Process python =
                Python.start(
                        """
                        import os, sys
                        counter, semaphore = os.eventfd(3), os.eventfd(0, os.EFD_SEMAPHORE)
                        print(counter, semaphore, flush=True)
                        sys.stdin.readline()
                        print(os.eventfd_read(counter), flush=True)
                        os.eventfd_write(semaphore, 2)
                        sys.stdin.readline()
                        """);
        try (PidFd process = PidFd.open(python.pid());
                var line = python.outputWriter()) {
            String[] there = python.inputReader().readLine().split(" ");
            try (EventFd counter = own(process, there[0]);
                    EventFd semaphore = own(process, there[1])) {
                assertThat(counter.isSemaphore()).isFalse();
                assertThat(semaphore.isSemaphore()).isTrue();
                counter.add(39);
                line.write("\n");
                line.flush();
                assertThat(python.inputReader().readLine()).isEqualTo("42");
                assertThat(semaphore.take()).isEqualTo(1);
                assertThat(semaphore.take()).isEqualTo(1);
                assertThat(semaphore.tryTake(NOW)).isEmpty();
            }
        } finally {
            python.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldBeSharedWithACProgram(@TempDir Path directory) throws Exception {
        CProgram program =
                CProgram.compile(
                        directory,
                        """
                        #include <stdio.h>
                        #include <sys/eventfd.h>
                        #include <unistd.h>
                        int main(void) {
                            int to = eventfd(0, 0), back = eventfd(0, 0);
                            printf("%d %d\\n", to, back);
                            fflush(stdout);
                            eventfd_t sum = 0, one;
                            while (sum < 6000 && eventfd_read(to, &one) == 0) {
                                sum += one;
                            }
                            eventfd_write(back, sum);
                            pause();
                        }
                        """);
        Process other = program.start();
        try (PidFd process = PidFd.open(other.pid())) {
            String[] there = other.inputReader().readLine().split(" ");
            try (EventFd to = own(process, there[0]);
                    EventFd back = own(process, there[1])) {
                for (int i = 0; i < 2000; i++) {
                    to.add(3);
                }
                assertThat(back.take()).isEqualTo(6000);
            }
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldCountWhatSeveralChildrenAdd() throws Exception {
        try (EventFd counter = EventFd.create().keep()) {
            List<Worker> children = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                children.add(
                        Worker.start(() -> {
                            for (int n = 0; n < 1000; n++) {
                                counter.add(1);
                            }
                        }));
            }
            for (Worker child : children) {
                child.join();
                child.close();
            }
            assertThat(counter.take()).isEqualTo(3000);
        }
    }

    @Test
    void shouldCloseItsCopyWhenAChildHasIt() throws Exception {
        EventFd counter = EventFd.create();
        try (Worker child = Worker.start()) {
            child.run(() -> counter.add(1));
        }
        assertThatThrownBy(counter::take)
                .isInstanceOf(Closed.class)
                .hasMessage("eventfd is closed");
    }

    @Test
    void shouldTakeOverADescriptorOfItsKindOnly() throws Exception {
        try (Pipe pipe = Pipe.open();
                Fd other = Fd.of(pipe.reader())) {
            assertThatThrownBy(() -> EventFd.own(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(" is no eventfd: it is pipe:[");
        }
    }

    @Test
    void shouldNotTravelWhereNoDescriptorCan() {
        try (EventFd counter = EventFd.create()) {
            assertThatThrownBy(() ->
                            new ObjectOutputStream(new ByteArrayOutputStream())
                                    .writeObject(counter))
                    .isInstanceOf(NotSerializableException.class)
                    .hasMessageContaining("eventfd has no name");
        }
    }

    @Test
    void shouldTellWhenItIsReadyOrClosed() throws Exception {
        EventFd counter = EventFd.create();
        var told = new java.util.concurrent.Semaphore(0);
        try (var request = counter.whenReady(told::release)) {
            assertThat(request).isNotNull();
            counter.add(1);
            told.acquire();
        }
        assertThat(counter.tryTake(NOW)).isEqualTo(OptionalLong.of(1));
        try (var request = counter.whenReady(told::release)) {
            assertThat(request).isNotNull();
            counter.close();
            told.acquire();
        }
        assertThat(counter.isReady()).isTrue();
    }

    private static EventFd own(PidFd process, String number) {
        return EventFd.own(process.duplicate(Integer.parseInt(number)));
    }
}
