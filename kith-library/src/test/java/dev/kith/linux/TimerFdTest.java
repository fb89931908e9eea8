// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.CProgram;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.Python;
import dev.kith.process.Worker;
import dev.kith.test.Background;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TimerFdTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofHours(1);

    @ParameterizedTest
    @EnumSource
    void shouldExpireOnceAfterATime(TimerFd.Clock clock) throws Exception {
        try (TimerFd timer = TimerFd.create(clock)) {
            assertThat(timer.clock()).isEqualTo(clock);
            assertThat(timer.remaining()).isEmpty();
            long start = System.nanoTime();
            timer.schedule(SHORT);
            assertThat(timer.remaining().orElseThrow()).isPositive().isLessThanOrEqualTo(SHORT);
            assertThat(timer.await()).isEqualTo(1);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
            assertThat(timer.remaining()).isEmpty();
            assertThat(timer.await(SHORT)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5})
    void shouldExpireAtOnceWhenTheTimeHasPassed(long seconds) throws Exception {
        try (TimerFd timer = TimerFd.create(TimerFd.Clock.REALTIME)) {
            timer.schedule(Duration.ofSeconds(seconds));
            assertThat(timer.await()).isEqualTo(1);
            timer.schedule(Instant.ofEpochSecond(seconds));
            assertThat(timer.await()).isEqualTo(1);
        }
    }

    @Test
    void shouldExpireAtATimeOfDay() throws Exception {
        try (TimerFd timer = TimerFd.create(TimerFd.Clock.REALTIME)) {
            Instant time = Instant.now().plusMillis(30);
            timer.schedule(time);
            assertThat(timer.await()).isEqualTo(1);
            assertThat(Instant.now()).isAfterOrEqualTo(time);
        }
        try (TimerFd timer = TimerFd.create()) {
            assertThatThrownBy(() -> timer.schedule(Instant.now()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("an Instant is a time of day: clock=MONOTONIC, needed=REALTIME");
        }
    }

    @Test
    void shouldCountHowOftenItHasExpired() throws Exception {
        try (TimerFd timer = TimerFd.create()) {
            timer.scheduleAtFixedRate(Duration.ZERO, Duration.ofMillis(5));
            Thread.sleep(60);
            assertThat(timer.isReady()).isTrue();
            assertThat(timer.await()).isGreaterThanOrEqualTo(10);
            assertThat(timer.await()).isPositive();
            assertThat(timer.remaining()).isPresent();
            assertThatThrownBy(() -> timer.scheduleAtFixedRate(SHORT, Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("period=PT0S, least=PT0.000000001S");
        }
    }

    @Test
    void shouldStopAndForgetWhenDisarmed() throws Exception {
        try (TimerFd timer = TimerFd.create()) {
            timer.scheduleAtFixedRate(Duration.ZERO, Duration.ofMillis(1));
            Thread.sleep(10);
            timer.disarm();
            assertThat(timer.remaining()).isEmpty();
            assertThat(timer.await(SHORT)).isEmpty();
            timer.schedule(LONG);
            timer.schedule(SHORT);
            assertThat(timer.await()).isEqualTo(1);
        }
    }

    @Test
    void shouldCountEachExpiryToOneOfThoseThatWait() throws Exception {
        try (TimerFd timer = TimerFd.create()) {
            AtomicLong expired = new AtomicLong();
            Background.Step waits =
                    () -> {
                        for (int i = 0; i < 100; i++) {
                            expired.addAndGet(timer.await(Duration.ofMillis(1)).orElse(0));
                        }
                    };
            long start = System.nanoTime();
            timer.scheduleAtFixedRate(Duration.ofMillis(1), Duration.ofMillis(1));
            Background first = Background.run(waits);
            Background second = Background.run(true, waits);
            first.join();
            second.join();
            assertThat(expired.get())
                    .isPositive()
                    .isLessThanOrEqualTo((System.nanoTime() - start) / 1_000_000);
        }
    }

    @Test
    void shouldSayThatTheClockWasSet() throws Exception {
        assumeTrue(
                Boolean.getBoolean("kith.test.clock"),
                "a clock that may be set cannot be made here; -Dkith.test.clock=true sets the"
                        + " machine's");
        try (TimerFd timer = TimerFd.create(TimerFd.Clock.REALTIME)) {
            timer.schedule(Instant.now().plus(LONG), true);
            Background waiting = Background.run(timer::await);
            waiting.awaitBlocked();
            // To what it is, but for some microseconds.
            Python.run(
                    "from time import *; clock_settime_ns(CLOCK_REALTIME,"
                            + " clock_gettime_ns(CLOCK_REALTIME))");
            assertThat(waiting.failure())
                    .isInstanceOf(IpcException.class)
                    .hasMessage(
                            "read(timerfd of REALTIME, 8): ECANCELED (Operation canceled);"
                                    + " the clock of the machine was set: schedule it anew");
            timer.schedule(Instant.now().plusMillis(10), true);
            assertThat(timer.await()).isEqualTo(1);
        }
    }

    @Test
    void shouldBeAwaitedByACProgram(@TempDir Path directory) throws Exception {
        CProgram program =
                CProgram.compile(
                        directory,
                        """
                        #include <stdint.h>
                        #include <stdio.h>
                        #include <sys/timerfd.h>
                        #include <unistd.h>
                        int main(void) {
                            int timer = timerfd_create(CLOCK_MONOTONIC, 0);
                            printf("%d\\n", timer);
                            fflush(stdout);
                            uint64_t expired;
                            read(timer, &expired, 8);
                            printf("%d\\n", (int) expired);
                            fflush(stdout);
                            struct itimerspec soon = {{0, 0}, {0, 10000000}};
                            timerfd_settime(timer, 0, &soon, 0);
                            pause();
                        }
                        """);
        Process other = program.start();
        try (PidFd process = PidFd.open(other.pid())) {
            int there = Integer.parseInt(other.inputReader().readLine());
            try (TimerFd timer = TimerFd.own(process.duplicate(there))) {
                assertThat(timer.clock()).isEqualTo(TimerFd.Clock.MONOTONIC);
                timer.schedule(Duration.ofMillis(1));
                assertThat(other.inputReader().readLine()).isEqualTo("1");
                assertThat(timer.await()).isEqualTo(1);
            }
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldGoOnWhenTheProcessThatScheduledItIsKilled() throws Exception {
        try (TimerFd timer = TimerFd.create(TimerFd.Clock.BOOTTIME).keep()) {
            try (Worker child = Worker.start()) {
                child.run(() -> timer.schedule(Duration.ofMillis(300)));
                try (PidFd process = PidFd.open(child.pid())) {
                    process.send(9);
                    process.join();
                }
            }
            assertThat(timer.await()).isEqualTo(1);
            try (TimerFd copy = TimerFd.own(Fd.of(timer))) {
                assertThat(copy.clock()).isEqualTo(TimerFd.Clock.BOOTTIME);
            }
        }
    }

    @Test
    void shouldEndOneThatIsHandedOver() throws Exception {
        TimerFd timer = TimerFd.create();
        try (Worker child = Worker.start()) {
            child.run(() -> timer.schedule(LONG));
        }
        assertThatThrownBy(timer::remaining)
                .isInstanceOf(Closed.class)
                .hasMessage("timerfd of MONOTONIC is closed");
    }
}
