// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.kith.Closed;
import dev.kith.build.Library;
import dev.kith.test.LeavesNothingBehind;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds of every public method that waits, in platform and in virtual threads: it ends by its
 * time-out, an interrupt and a close, it goes on after a signal, and it holds no carrier.
 */
@Timeout(60)
@LeavesNothingBehind
class BlockingCallsTest {
    private static final Set<String> PACKAGES =
            Set.of(
                    "dev.kith.posix",
                    "dev.kith.sysv",
                    "dev.kith.linux",
                    "dev.kith.ring",
                    "dev.kith.shared");

    private static final Duration SHORT = Duration.ofMillis(40);
    private static final int MANY = 100;

    @Test
    void shouldKnowEveryMethodThatWaits() {
        Set<String> waiting = new TreeSet<>();
        for (Class<?> type : Library.types()) {
            if (PACKAGES.contains(type.getPackageName()) && isPublic(type)) {
                Arrays.stream(type.getDeclaredMethods())
                        .filter(BlockingCallsTest::waits)
                        .map(Waiting::name)
                        .forEach(waiting::add);
            }
        }
        Set<String> known =
                BlockingCalls.all().stream()
                        .map(BlockingCall::name)
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> missing = new TreeSet<>(waiting);
        missing.removeAll(known);
        assertThat(missing).as("methods that wait and have no entry in BlockingCalls").isEmpty();
        known.removeAll(waiting);
        assertThat(known).as("entries in BlockingCalls without such a method").isEmpty();
    }

    @ParameterizedTest(name = "{0}, virtual={1}")
    @MethodSource("limited")
    <F extends AutoCloseable> void shouldGiveUpWhenTheTimeHasPassed(
            BlockingCall<F> call, boolean virtual) throws Exception {
        try (F fixture = call.setUp().setUp()) {
            WaitingThread waiting = call.start(virtual, fixture, SHORT);
            assertThat(waiting.value()).as(call.name()).isFalse();
            assertThat(waiting.time()).as(call.name()).isGreaterThanOrEqualTo(SHORT);
            assertGoesOn(call, virtual, fixture);
        }
    }

    @ParameterizedTest(name = "{0}, virtual={1}")
    @MethodSource("limited")
    <F extends AutoCloseable> void shouldNotWaitWithoutTime(BlockingCall<F> call, boolean virtual)
            throws Exception {
        try (F fixture = call.setUp().setUp()) {
            for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
                assertThat(call.start(virtual, fixture, none).value()).as(call.name()).isFalse();
            }
        }
    }

    @ParameterizedTest(name = "{0}, virtual={1}")
    @MethodSource("all")
    <F extends AutoCloseable> void shouldEndByAnInterrupt(BlockingCall<F> call, boolean virtual)
            throws Exception {
        try (F fixture = call.setUp().setUp()) {
            WaitingThread waiting = call.start(virtual, fixture).interrupt();
            assertThat(waiting.failure()).as(call.name()).isInstanceOf(InterruptedException.class);
            assertGoesOn(call, virtual, fixture);
        }
    }

    @ParameterizedTest(name = "{0}, virtual={1}")
    @MethodSource("closed")
    <F extends AutoCloseable> void shouldEndWhenAnotherThreadCloses(
            BlockingCall<F> call, boolean virtual) throws Exception {
        try (F fixture = call.setUp().setUp()) {
            WaitingThread waiting = call.start(virtual, fixture);
            call.close().on(fixture);
            assertThat(waiting.failure()).as(call.name()).isInstanceOf(Closed.class);
            WaitingThread after = call.start(virtual, fixture);
            assertThat(after.failure()).as(call.name()).isInstanceOf(Closed.class);
        }
    }

    @ParameterizedTest(name = "{0}, virtual={1}")
    @MethodSource("all")
    <F extends AutoCloseable> void shouldGoOnWaitingAfterASignal(
            BlockingCall<F> call, boolean virtual) throws Exception {
        try (F fixture = call.setUp().setUp()) {
            WaitingThread waiting = call.start(virtual, fixture);
            for (int i = 0; i < 5; i++) {
                waiting.signal();
                Thread.sleep(1);
            }
            assertThat(waiting.awaitWaiting().isWaiting()).as(call.name()).isTrue();
            call.letGo().on(fixture);
            assertThat(waiting.value()).as(call.name()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("each")
    <F extends AutoCloseable> void shouldHoldNoCarrier(BlockingCall<F> call) throws Exception {
        try (F fixture = call.setUp().setUp()) {
            List<WaitingThread> waiting = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                waiting.add(call.start(true, fixture, Duration.ofMinutes(10)));
            }
            WaitingThread.awaitWaiting(waiting);
            assertThat(waiting).as(call.name()).allMatch(WaitingThread::isWaiting);
            CountDownLatch ran = new CountDownLatch(MANY);
            for (int i = 0; i < MANY; i++) {
                Thread.ofVirtual().start(ran::countDown);
            }
            ran.await();
            if (call.close() != null) {
                call.close().on(fixture);
            } else {
                waiting.forEach(WaitingThread::interrupt);
            }
            for (WaitingThread each : waiting) {
                assertThat(each.failure())
                        .as(call.name())
                        .isInstanceOfAny(Closed.class, InterruptedException.class);
            }
        }
    }

    static Stream<BlockingCall<?>> each() {
        return BlockingCalls.all().stream();
    }

    static Stream<Arguments> all() {
        return each().flatMap(call -> Stream.of(arguments(call, false), arguments(call, true)));
    }

    static Stream<Arguments> limited() {
        return all().filter(row -> ((BlockingCall<?>) row.get()[0]).limited());
    }

    static Stream<Arguments> closed() {
        return all().filter(row -> ((BlockingCall<?>) row.get()[0]).close() != null);
    }

    /** A wait that ended without success has left the handle as it was. */
    private static <F extends AutoCloseable> void assertGoesOn(
            BlockingCall<F> call, boolean virtual, F fixture) throws Exception {
        WaitingThread next = call.start(virtual, fixture);
        assertThat(next.isWaiting()).as(call.name()).isTrue();
        call.letGo().on(fixture);
        assertThat(next.value()).as(call.name()).isTrue();
    }

    private static boolean waits(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && !method.isSynthetic()
                && List.of(method.getExceptionTypes()).contains(InterruptedException.class);
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
    }
}
